//! Whether whoever asks at an address that has both wants the console's page or an API's data (RFC 9110,
//! "Accept").

use axum::http::{HeaderMap, header};

/// A page is for those who ask for one by name, as browsers do. Whoever takes anything, or says nothing,
/// is a program.
pub(crate) fn wants_page(headers: &HeaderMap) -> bool {
    let accepted = headers.get_all(header::ACCEPT).iter().filter_map(|value| value.to_str().ok());
    let ranges = accepted.flat_map(|text| text.split(',')).filter_map(Range::read).collect::<Vec<_>>();
    let quality = |kind, subtype| {
        let fitting =
            ranges.iter().filter_map(|range| Some((range.closeness(kind, subtype)?, range.quality)));
        fitting.max_by(|one, other| one.0.cmp(&other.0).then(one.1.total_cmp(&other.1)))
    };
    let Some((closeness, page)) = quality("text", "html").filter(|(_, quality)| *quality > 0.0) else {
        return false;
    };
    let data = quality("application", "json").map_or(0.0, |(_, quality)| quality);
    page > data || (page >= data && closeness > 0)
}

/// A range of media types that is accepted, such as `text/*;q=0.8`.
struct Range<'t> {
    kind: &'t str,
    subtype: &'t str,
    quality: f32,
}

impl<'t> Range<'t> {
    /// What cannot be read counts as not said.
    fn read(text: &'t str) -> Option<Self> {
        let mut parts = text.split(';').map(str::trim);
        let (kind, subtype) = parts.next()?.split_once('/')?;
        let mut weights = parts.filter_map(|part| {
            let (name, value) = part.split_once('=')?;
            name.trim().eq_ignore_ascii_case("q").then(|| value.trim().parse::<f32>().ok())
        });
        let quality = weights.next().unwrap_or(Some(1.0))?;
        (0.0..=1.0).contains(&quality).then_some(Self { kind, subtype, quality })
    }

    /// How closely it names the type; nothing where it does not take it.
    fn closeness(&self, kind: &str, subtype: &str) -> Option<u8> {
        let is_kind = self.kind.eq_ignore_ascii_case(kind);
        match (self.kind, self.subtype) {
            ("*", "*") => Some(0),
            (_, "*") if is_kind => Some(1),
            (_, own) if is_kind && own.eq_ignore_ascii_case(subtype) => Some(2),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    fn wants(accept: &[&str]) -> bool {
        let mut headers = HeaderMap::new();
        for one in accept {
            headers.append(header::ACCEPT, HeaderValue::from_bytes(one.as_bytes()).unwrap());
        }
        wants_page(&headers)
    }

    #[test]
    fn a_page_is_for_those_who_name_it_and_do_not_like_data_better() {
        const BROWSERS: [&str; 3] = [
            "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,*/*;q=0.8",
            "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
            "text/html, application/xhtml+xml, image/jxr, */*",
        ];
        for browser in BROWSERS {
            assert!(wants(&[browser]), "{browser}");
        }
        for (accept, expected) in [
            (&[][..], false),
            (&[""], false),
            (&["*/*"], false),
            (&["*"], false),
            (&["application/json"], false),
            (&["application/json, text/plain, */*"], false),
            (&["application/json;charset=utf-8"], false),
            (&["image/png"], false),
            (&["text/html"], true),
            (&["TEXT/HTML ; Q=0.1"], true),
            (&["text/*"], true),
            (&["text/html;level=1"], true),
            (&["text/html-like"], false),
            (&["application/html"], false),
            // The better liked one; the page where both are named and liked the same.
            (&["application/json, text/html;q=0.9"], false),
            (&["application/json;q=0.9, text/html"], true),
            (&["text/html, application/json"], true),
            (&["text/html;q=0.5, */*"], false),
            (&["application/json;q=0.2, */*;q=0.5"], true),
            (&["text/html;q=0.5, application/*;q=0.4"], true),
            // The closest range decides, wherever it stands.
            (&["text/html;q=0, */*"], false),
            (&["text/*;q=0.9, text/html;q=0.1, application/json;q=0.5"], false),
            // Several headers are one list.
            (&["application/json", "text/html;q=0.9"], false),
            (&["application/json;q=0.5", "text/html"], true),
            (&["*/*", "text/html"], true),
            // What cannot be read is as if it were not there.
            (&["text/html;q=much"], false),
            (&["text/html;q=2, application/json"], false),
            (&["text/html;q=NaN"], false),
            (&["text/html;q=-1"], false),
            (&[",;/,text/html"], true),
            (&["\u{fc}", "text/html"], true),
        ] {
            assert_eq!(wants(accept), expected, "{accept:?}");
        }
    }
}
