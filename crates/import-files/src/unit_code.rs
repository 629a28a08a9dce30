//! The providers' words for units, and the three-character codes that usage events hold.

/// Words are compared without regard to case. A word that is not here has no code: its rows are
/// refused, never guessed.
const UNITS: [(&str, &str); 44] = [
    ("Alarms", "ALM"),
    ("API Calls", "API"),
    ("API Requests", "API"),
    ("Core-Hours", "CRH"),
    ("Core-Seconds", "CRS"),
    ("DPU-Hours", "DPH"),
    ("Each", "EA"),
    ("Events", "EVT"),
    ("GB", "GB"),
    ("GB Hours", "GBH"),
    ("GB-Hours", "GBH"),
    ("GB-Seconds", "GBS"),
    ("GB Months", "GBM"),
    ("GB-Months", "GBM"),
    ("GB/Month", "GBM"),
    ("GiB", "GIB"),
    ("GiB-Hours", "GIH"),
    ("GiB-Months", "GIM"),
    ("GiB/Second-Months", "GSM"),
    ("Hours", "HR"),
    ("IOPS-Months", "IOM"),
    ("IOs", "IOS"),
    ("Keys", "KEY"),
    ("LCU-Hours", "LCH"),
    ("MB", "MB"),
    ("Messages", "MSG"),
    ("Metrics", "MET"),
    ("MiB", "MIB"),
    ("Minutes", "MIN"),
    ("OCPU Hours", "OCH"),
    ("OCPU Per Hour", "OCH"),
    ("Queries", "QRY"),
    ("ReadRequestUnits", "RRU"),
    ("Requests", "REQ"),
    ("Seconds", "SEC"),
    ("StateTransitions", "STT"),
    ("TB", "TB"),
    ("TiB", "TIB"),
    ("Tokens", "TOK"),
    ("Units", "UNT"),
    ("Units/Month", "UNM"),
    ("vCPU-Hours", "VCH"),
    ("WriteCapacityUnit-Hours", "WCH"),
    ("WriteRequestUnits", "WRU"),
];

pub(crate) fn unit_code(word: &str) -> Option<&'static str> {
    UNITS.iter().find(|(known, _)| known.eq_ignore_ascii_case(word)).map(|(_, code)| *code)
}
