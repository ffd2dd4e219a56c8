//! The C services that use the glue: starts them, receives their events and stops them.

use crate::clients::Listener;
use crate::ledger::Ledger;
use crate::pattern::Reading;
use crate::payload::Payload;
use crate::run::{Place, TOPICS};
use crate::worker;
use anyhow::{Result, bail};
use rdkafka::error::RDKafkaErrorCode;
use rdkafka_sys::{RDKafka, RDKafkaHeaders, RDKafkaRespErr, rd_kafka_header_get_all};
use std::ffi::{CStr, CString, c_char, c_int, c_void};
use std::ptr::{self, NonNull};
use std::sync::atomic::Ordering;
use tracebaton_ffi::{tracebaton_extracted_t, tracebaton_status_t};

/// A producer that all services in C share.
pub struct NativeProducer {
    client: NonNull<RDKafka>,
    // The pointer for the client's callbacks, which must outlive the client.
    _listener: Box<NativeListener>,
    _run: Box<Listener>,
}

// SAFETY: any number of threads may use librdkafka's clients, and the callbacks only reach shared data.
unsafe impl Send for NativeProducer {}
// SAFETY: as above.
unsafe impl Sync for NativeProducer {}

impl NativeProducer {
    /// Opens the producer.
    pub fn open(listener: &Listener, settings: &[(String, String)]) -> Result<Self> {
        let run = Box::new(listener.clone());
        let native = Box::new(NativeListener::of(&run));
        let settings = Settings::of(settings)?;
        // SAFETY: the settings live until the call returns, the listener as long as the client.
        match NonNull::new(unsafe { producer_open(&*native, settings.native()) }) {
            Some(client) => Ok(Self { client, _listener: native, _run: run }),
            None => bail!("the producer in C: {:?}", listener.ledger.why_stopped()),
        }
    }
}

impl Drop for NativeProducer {
    fn drop(&mut self) {
        // SAFETY: the client is from `producer_open`, and not used after this.
        unsafe { producer_close(self.client.as_ptr()) }
    }
}

/// Runs a C service until the run is over.
pub fn run(
    place: Place,
    listener: &Listener,
    settings: &[(String, String)],
    producer: Option<&NativeProducer>,
) -> Result<()> {
    let native = NativeListener::of(listener);
    let settings = Settings::of(settings)?;
    let from = CString::new(TOPICS[place.stage])?;
    let to = TOPICS.get(place.stage + 1).map(|topic| CString::new(*topic)).transpose()?;
    let options = Options {
        listener: &native,
        consumer: settings.native(),
        from: from.as_ptr(),
        partition: i32::try_from(place.lane)?,
        stage: i32::try_from(place.stage)?,
        producer: producer.map_or(ptr::null_mut(), |producer| producer.client.as_ptr()),
        to: to.as_ref().map_or(ptr::null(), |to| to.as_ptr()),
    };
    let desk = Desk { place, ledger: &listener.ledger };
    // SAFETY: all pointers in the options, and the desk, are valid until the call returns, and have the types that the
    // functions expect.
    unsafe { worker_run(&options, order, ptr::from_ref(&desk).cast_mut().cast()) };
    Ok(())
}

struct Desk<'a> {
    place: Place,
    ledger: &'a Ledger,
}

/// `enum order`
#[repr(C)]
#[allow(dead_code, reason = "C reads it")]
enum Order {
    GoOn,
    Restart,
    Stop,
}

unsafe extern "C" fn order(desk: *mut c_void) -> Order {
    // SAFETY: `run` gives this pointer, and its desk lives as long as the worker.
    let desk = unsafe { &*desk.cast::<Desk<'_>>() };
    if desk.ledger.is_over() {
        Order::Stop
    } else if desk.ledger.takes_restart(desk.place.stage, desk.place.lane) {
        Order::Restart
    } else {
        Order::GoOn
    }
}

/// The listener behind the pointer of the callbacks.
unsafe fn listener<'a>(run: *mut c_void) -> &'a Listener {
    // SAFETY: `NativeListener::of` made this pointer, and its caller keeps the listener as long as the client.
    unsafe { &*run.cast::<Listener>() }
}

unsafe extern "C" fn received(
    run: *mut c_void,
    stage: i32,
    value: *const c_void,
    value_size: usize,
    headers: *const RDKafkaHeaders,
    extracted: *const tracebaton_extracted_t,
) {
    // SAFETY: see `listener`.
    let ledger = unsafe { &listener(run).ledger };
    let stage = usize::try_from(stage).unwrap_or_default();
    // SAFETY: the value of the message, which lives until the call returns.
    let value = (!value.is_null()).then(|| unsafe { std::slice::from_raw_parts(value.cast(), value_size) });
    let Some(payload) = value.and_then(Payload::read) else { return ledger.stranger(stage) };
    // SAFETY: the result was just extracted from the headers of the message.
    let reading = unsafe { Reading::of_c(&*extracted) };
    let seen = (0..).map_while(|index| {
        // SAFETY: the headers of the message, or NULL.
        unsafe { header(headers, index) }
    });
    worker::received(ledger, stage, &payload, &reading, seen);
}

/// The header at this index.
unsafe fn header<'a>(headers: *const RDKafkaHeaders, index: usize) -> Option<(&'a [u8], Option<&'a [u8]>)> {
    if headers.is_null() {
        return None;
    }
    let (mut name, mut value, mut size) = (ptr::null(), ptr::null(), 0);
    // SAFETY: the list is alive, and the pointers are written only by the call.
    let error = unsafe { rd_kafka_header_get_all(headers, index, &mut name, &mut value, &mut size) };
    if error != RDKafkaRespErr::RD_KAFKA_RESP_ERR_NO_ERROR {
        return None;
    }
    // SAFETY: librdkafka ends every name with a NUL.
    let name = unsafe { CStr::from_ptr(name) }.to_bytes();
    // SAFETY: a value that is not null has the size that librdkafka returned.
    let value = (!value.is_null()).then(|| unsafe { std::slice::from_raw_parts(value.cast(), size) });
    Some((name, value))
}

unsafe extern "C" fn skipped(run: *mut c_void, stage: i32, expected: i64, offset: i64) {
    // SAFETY: see `listener`.
    unsafe { &listener(run).ledger }.skipped(usize::try_from(stage).unwrap_or_default(), expected, offset);
}

unsafe extern "C" fn enqueued(run: *mut c_void, written: tracebaton_status_t) {
    // SAFETY: see `listener`.
    let counters = unsafe { &listener(run).ledger.counters };
    counters.enqueued.fetch_add(1, Ordering::Relaxed);
    if written != 0 {
        counters.without_context.fetch_add(1, Ordering::Relaxed);
    }
}

unsafe extern "C" fn queue_full(run: *mut c_void) {
    // SAFETY: see `listener`.
    unsafe { &listener(run).ledger }.counters.queue_full.fetch_add(1, Ordering::Relaxed);
}

unsafe extern "C" fn delivered(run: *mut c_void, error: RDKafkaRespErr) {
    let error = (error != RDKafkaRespErr::RD_KAFKA_RESP_ERR_NO_ERROR).then(|| RDKafkaErrorCode::from(error));
    // SAFETY: see `listener`.
    unsafe { listener(run) }.delivered(error);
}

unsafe extern "C" fn client_error(run: *mut c_void, error: RDKafkaRespErr, reason: *const c_char) {
    // SAFETY: see `listener`; the reason is a text that ends with a NUL.
    let (listener, reason) = unsafe { (listener(run), CStr::from_ptr(reason)) };
    listener.client_error(RDKafkaErrorCode::from(error), &reason.to_string_lossy());
}

unsafe extern "C" fn statistics(run: *mut c_void, json: *const c_char, size: usize) {
    // SAFETY: see `listener`; librdkafka passes this many bytes.
    let (listener, json) = unsafe { (listener(run), std::slice::from_raw_parts(json.cast::<u8>(), size)) };
    if let Ok(statistics) = serde_json::from_slice(json) {
        listener.statistics.add(&statistics);
    }
}

unsafe extern "C" fn stopped(run: *mut c_void, why: *const c_char) {
    // SAFETY: see `listener`; the reason is a text that ends with a NUL.
    let (listener, why) = unsafe { (listener(run), CStr::from_ptr(why)) };
    listener.ledger.stopped(format!("a service in C: {}", why.to_string_lossy()));
}

/// Settings in C's form.
struct Settings {
    _texts: Vec<CString>,
    pointers: Vec<Setting>,
}

impl Settings {
    fn of(settings: &[(String, String)]) -> Result<Self> {
        let (mut texts, mut pointers) = (Vec::new(), Vec::new());
        for (name, value) in settings {
            let (name, value) = (CString::new(name.as_str())?, CString::new(value.as_str())?);
            pointers.push(Setting { name: name.as_ptr(), value: value.as_ptr() });
            texts.extend([name, value]);
        }
        Ok(Self { _texts: texts, pointers })
    }

    fn native(&self) -> NativeSettings {
        NativeSettings { all: self.pointers.as_ptr(), count: self.pointers.len() }
    }
}

/// `struct setting`
#[repr(C)]
struct Setting {
    name: *const c_char,
    value: *const c_char,
}

/// `struct settings`
#[repr(C)]
struct NativeSettings {
    all: *const Setting,
    count: usize,
}

/// `struct worker`
#[repr(C)]
struct Options {
    listener: *const NativeListener,
    consumer: NativeSettings,
    from: *const c_char,
    partition: i32,
    stage: i32,
    producer: *mut RDKafka,
    to: *const c_char,
}

/// `struct listener`
#[repr(C)]
struct NativeListener {
    run: *mut c_void,
    received: unsafe extern "C" fn(
        *mut c_void,
        i32,
        *const c_void,
        usize,
        *const RDKafkaHeaders,
        *const tracebaton_extracted_t,
    ),
    skipped: unsafe extern "C" fn(*mut c_void, i32, i64, i64),
    enqueued: unsafe extern "C" fn(*mut c_void, tracebaton_status_t),
    queue_full: unsafe extern "C" fn(*mut c_void),
    delivered: unsafe extern "C" fn(*mut c_void, RDKafkaRespErr),
    client_error: unsafe extern "C" fn(*mut c_void, RDKafkaRespErr, *const c_char),
    statistics: unsafe extern "C" fn(*mut c_void, *const c_char, usize),
    stopped: unsafe extern "C" fn(*mut c_void, *const c_char),
}

impl NativeListener {
    /// The callbacks use the listener by address, so it must not move.
    fn of(listener: &Listener) -> Self {
        let run = ptr::from_ref(listener).cast_mut().cast();
        Self { run, received, skipped, enqueued, queue_full, delivered, client_error, statistics, stopped }
    }
}

unsafe extern "C" {
    fn producer_open(listener: *const NativeListener, settings: NativeSettings) -> *mut RDKafka;
    fn producer_close(producer: *mut RDKafka);
    fn worker_run(
        options: *const Options,
        order: unsafe extern "C" fn(*mut c_void) -> Order,
        desk: *mut c_void,
    );
}

const _: () = assert!(size_of::<Order>() == size_of::<c_int>());
