"""The texts of rows as the kit sends them: strings, or {"hex": ...} for bytes that are not UTF-8."""


def bytes_of(text):
    if text is None:
        return None
    return bytes.fromhex(text["hex"]) if isinstance(text, dict) else text.encode()


def headers_of(headers):
    return [(bytes_of(name), bytes_of(value)) for name, value in headers]


def text_of(value):
    if value is None or isinstance(value, str):
        return value
    try:
        return value.decode()
    except UnicodeDecodeError:
        return {"hex": value.hex()}
