//! Entity tags that came through a proxy (RFC 9110, "ETag"). One that packs an answer makes its tag weak,
//! or puts the packing behind it, and the server behind it knows neither form in `If-Match`.

/// How packings are named behind a tag, by Apache, Jetty and others.
const PACKINGS: [&str; 5] = ["gzip", "br", "deflate", "zstd", "df"];

/// The strong tags that the server may know this one by, the likeliest first. None where it is no tag.
pub fn strong_tags(etag: &str) -> Vec<String> {
    let etag = etag.trim();
    let (is_weak, strong) = match etag.strip_prefix("W/").or_else(|| etag.strip_prefix("w/")) {
        Some(strong) => (true, strong),
        None => (false, etag),
    };
    let Some(opaque) = strong.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) else {
        return Vec::new();
    };
    if opaque.contains('"') {
        return Vec::new();
    }
    let plain = without_packing(opaque);
    let mut tags = vec![format!("\"{plain}\"")];
    if plain != opaque && !is_weak {
        tags.push(strong.to_owned());
    }
    tags
}

fn without_packing(opaque: &str) -> &str {
    for packing in PACKINGS {
        if let Some(rest) = opaque.strip_suffix(packing) {
            let plain = rest.trim_end_matches(['-', ';', ':', '+', '.']);
            if plain.len() < rest.len() && !plain.is_empty() {
                return plain;
            }
        }
    }
    opaque
}

#[cfg(test)]
mod tests {
    use super::strong_tags;

    #[test]
    fn what_a_proxy_did_to_a_tag_is_taken_off() {
        for seen in [r#""3""#, r#"W/"3""#, r#"W/"3-gzip""#, r#"w/"3;gzip""#, r#" "3" "#] {
            assert_eq!(strong_tags(seen), [r#""3""#], "{seen}");
        }
        for seen in [r#""3-gzip""#, r#""3;gzip""#, r#""3--gzip""#, r#""3-br""#, r#""3+zstd""#] {
            assert_eq!(strong_tags(seen), [r#""3""#.to_owned(), seen.to_owned()], "{seen}");
        }
    }

    #[test]
    fn what_only_looks_like_a_packing_stays() {
        for seen in [r#""gzip""#, r#""-gzip""#, r#""abcbr""#, r#""3-gzip-4""#, r#""""#] {
            assert_eq!(strong_tags(seen), [seen], "{seen}");
        }
    }

    #[test]
    fn what_is_no_tag_is_none() {
        for seen in ["", "3", "\"3", "3\"", "W/3", "\"a\", \"b\"", "\""] {
            assert_eq!(strong_tags(seen), [""; 0], "{seen}");
        }
    }
}
