//! Addresses that the vendors' paths are put behind, and those of providers.

/// What is wrong with an address, if anything is.
pub(crate) fn fault_of(text: &str) -> Option<&'static str> {
    let path = match text.split_once("://") {
        Some((scheme, rest)) => {
            let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
            let is_port = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
            let parted = authority.rsplit_once(':').filter(|(_, port)| is_port(port));
            let host = parted.map_or(authority, |(host, _)| host);
            let is_here = matches!(host, "localhost" | "127.0.0.1" | "[::1]");
            match scheme {
                _ if authority.is_empty() => return Some("names no host"),
                _ if authority.contains('@') => return Some("must not hold a user or a password"),
                "https" => path,
                "http" if is_here => path,
                _ => return Some("must begin with https:// or with a single slash"),
            }
        }
        None => text,
    };
    let has_step = path.split('/').any(|step| step == "." || step == "..");
    if text.contains(['?', '#']) {
        Some("must end before its ? or #")
    } else if text.contains(|sign: char| sign.is_whitespace() || sign.is_control() || sign == '\\') {
        Some("holds a blank or a sign that no address has")
    } else if path.ends_with('/') {
        Some("must not end with a slash")
    } else if !path.is_empty() && !path.starts_with('/') || path.starts_with("//") {
        Some("must begin with https:// or with a single slash")
    } else if has_step {
        Some("must not hold . or .. as a step")
    } else {
        None
    }
}

/// What is wrong with the address of a provider, if anything is: a whole one, which may end with a slash.
pub(crate) fn issuer_fault_of(text: &str) -> Option<&'static str> {
    if !text.contains("://") {
        return Some("must begin with https://");
    }
    fault_of(text.strip_suffix('/').unwrap_or(text))
}
