//! The plugin reports why it cannot work: this test contains a librdkafka that it does not export.

use object::{Object as _, ObjectSymbol as _, SymbolKind};
use rdkafka::ClientConfig;
use rdkafka::producer::BaseProducer;
use std::process::Command;
use tracebaton_test_plugin::{Build, compile, plugin};

#[test]
fn functions_that_are_not_exported() {
    let plugin = plugin(Build::Gcc);
    let mut client = ClientConfig::new();
    client.set("plugin.library.paths", plugin.to_str().unwrap());
    let error = client.create::<BaseProducer>().err().expect("it finds no functions").to_string();
    let program = std::env::current_exe().unwrap();
    assert!(error.contains(program.file_name().unwrap().to_str().unwrap()), "{error}");
    assert!(error.contains("does not export librdkafka's functions (rd_kafka_conf)"), "{error}");
    assert!(error.contains("-rdynamic"), "{error}");
    client.remove("plugin.library.paths");
    client.create::<BaseProducer>().expect("nothing is left of it");
}

#[test]
fn a_value_that_there_is_not() {
    const READ: &str = "tracecontext, b3, b3multi, jaeger, datadog, elastic, instana, xray";
    const WRITTEN: &str = "tracecontext, b3, b3multi, jaeger, datadog, instana";
    let Some(relay) = compile("relay", Build::Gcc) else { return };
    let path = format!("plugin.library.paths={}", plugin(Build::Gcc).display());
    for (property, expected) in [
        (
            "tracebaton.forward=yes",
            "tracebaton.forward must be loop, consumed, set, environment or none".to_owned(),
        ),
        ("tracebaton.formats=zipkin", format!("tracebaton.formats: \"zipkin\" is not one of {READ}")),
        ("tracebaton.formats=b3, B3", format!("tracebaton.formats: \"B3\" is not one of {READ}")),
        ("tracebaton.formats=b3,", format!("tracebaton.formats: \"\" is not one of {READ}")),
        ("tracebaton.formats=", format!("tracebaton.formats: \"\" is not one of {READ}")),
        ("tracebaton.formats=baggage", format!("tracebaton.formats: \"baggage\" is not one of {READ}")),
        ("tracebaton.formats=b3,jaeger, b3", "tracebaton.formats: \"b3\" is there twice".to_owned()),
        ("tracebaton.inject=elastic", format!("tracebaton.inject: \"elastic\" is not one of {WRITTEN}")),
        (
            &format!("tracebaton.inject={}", "x".repeat(300)),
            format!("tracebaton.inject: \"{}\" is not one of {WRITTEN}", "x".repeat(64)),
        ),
    ] {
        let output = Command::new(&relay)
            .args(["127.0.0.1:1", "1", "1", &path, property])
            .env_remove("LD_LIBRARY_PATH")
            .output()
            .unwrap();
        assert_eq!(String::from_utf8_lossy(&output.stderr), format!("{expected}\n"));
    }
}

#[test]
fn the_plugin_exports_its_own_functions_alone() {
    for build in [Build::Gcc, Build::Clang] {
        let bytes = std::fs::read(plugin(build)).unwrap();
        let file = object::File::parse(&*bytes).unwrap();
        let mut exported: Vec<_> = file
            .dynamic_symbols()
            .filter(|symbol| symbol.is_definition() && symbol.kind() != SymbolKind::Section)
            .map(|symbol| symbol.name().unwrap().to_owned())
            .collect();
        exported.sort();
        assert_eq!(exported, ["conf_init", "tracebaton_plugin_clear", "tracebaton_plugin_set_current"]);
        let imports = |name: &str| file.dynamic_symbols().any(|symbol| symbol.name() == Ok(name));
        assert!(imports("dladdr"), "what is looked for below would be found");
        assert!(!file.dynamic_symbols().any(|symbol| symbol.name().unwrap().starts_with("rd_kafka")));
        assert!(!imports("malloc") && !imports("calloc"), "no memory but its own");
    }
}
