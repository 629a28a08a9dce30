//! Names of time zones that were changed: a browser may know a zone by the older name only, a billing
//! system by the newer one, or the other way round.

/// Newer and older names of one zone.
const RENAMED: &[(&str, &str)] = &[
    ("Africa/Asmara", "Africa/Asmera"),
    ("America/Argentina/Buenos_Aires", "America/Buenos_Aires"),
    ("America/Argentina/Catamarca", "America/Catamarca"),
    ("America/Argentina/Cordoba", "America/Cordoba"),
    ("America/Argentina/Jujuy", "America/Jujuy"),
    ("America/Argentina/Mendoza", "America/Mendoza"),
    ("America/Atikokan", "America/Coral_Harbour"),
    ("America/Indiana/Indianapolis", "America/Indianapolis"),
    ("America/Kentucky/Louisville", "America/Louisville"),
    ("America/Nuuk", "America/Godthab"),
    ("Asia/Ashgabat", "Asia/Ashkhabad"),
    ("Asia/Dhaka", "Asia/Dacca"),
    ("Asia/Ho_Chi_Minh", "Asia/Saigon"),
    ("Asia/Kathmandu", "Asia/Katmandu"),
    ("Asia/Kolkata", "Asia/Calcutta"),
    ("Asia/Macau", "Asia/Macao"),
    ("Asia/Makassar", "Asia/Ujung_Pandang"),
    ("Asia/Thimphu", "Asia/Thimbu"),
    ("Asia/Tokyo", "Japan"),
    ("Asia/Ulaanbaatar", "Asia/Ulan_Bator"),
    ("Asia/Yangon", "Asia/Rangoon"),
    ("Atlantic/Faroe", "Atlantic/Faeroe"),
    ("Europe/Kyiv", "Europe/Kiev"),
    ("Pacific/Chuuk", "Pacific/Truk"),
    ("Pacific/Kanton", "Pacific/Enderbury"),
    ("Pacific/Pohnpei", "Pacific/Ponape"),
    ("UTC", "Etc/UTC"),
];

/// The other names of a zone.
pub(super) fn other_names(zone: &str) -> impl Iterator<Item = &'static str> {
    RENAMED.iter().filter_map(move |(newer, older)| match zone {
        zone if zone == *newer => Some(*older),
        zone if zone == *older => Some(*newer),
        _ => None,
    })
}
