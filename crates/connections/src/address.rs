//! The one reading of addresses: of those in the file, and of those that the page's policy and a web server's
//! configuration name. What is accepted here a browser can ask, and a Content-Security-Policy can let it.

use super::DISCOVERY;
use super::tenants::PLACE;
use std::fmt;

/// Scheme, host and port.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    pub is_tls: bool,
    /// In small letters, as browsers write it.
    pub host: String,
    pub port: u16,
}

/// As browsers write it: without the scheme's own port.
impl fmt::Display for Origin {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = if self.is_tls { "https" } else { "http" };
        write!(out, "{scheme}://{}", self.authority())
    }
}

impl Origin {
    /// Of an address with nothing behind it to which secrets are sent, such as `https://desk.example.com`.
    ///
    /// # Errors
    /// What is wrong with it, to be said behind the address.
    pub fn read(address: &str) -> Result<Self, &'static str> {
        match Self::at_begin_of(address)? {
            (origin, "") => origin.fault_for_secrets().map_or(Ok(origin), Err),
            _ => Err("must end behind its host"),
        }
    }

    /// The host, with the port unless it is the scheme's own.
    pub fn authority(&self) -> String {
        if self.port == port_of(self.is_tls) {
            self.host.clone()
        } else {
            format!("{}:{}", self.host, self.port)
        }
    }

    /// With what stands behind it.
    fn at_begin_of(address: &str) -> Result<(Self, &str), &'static str> {
        let (scheme, behind) = address.split_once("://").ok_or(NEITHER)?;
        let is_tls = match scheme {
            "https" => true,
            "http" => false,
            _ => return Err(NEITHER),
        };
        let (authority, rest) = behind.split_at(behind.find(['/', '?', '#']).unwrap_or(behind.len()));
        if authority.contains('@') {
            return Err("must not hold a user or a password");
        }
        // The colons of an IPv6 address stand in brackets.
        let (host, port) = match authority.rsplit_once(':') {
            Some((host, port)) if !port.ends_with(']') => (host, Some(port)),
            _ => (authority, None),
        };
        if host.is_empty() {
            return Err("names no host");
        }
        let port = match port {
            None => port_of(is_tls),
            Some(port) if port.bytes().all(|byte| byte.is_ascii_digit()) => {
                port.parse().ok().filter(|port| *port > 0).ok_or(NO_PORT)?
            }
            Some(_) => return Err(NO_PORT),
        };
        match fault_of_host(host) {
            Some(fault) => Err(fault),
            None => Ok((Self { is_tls, host: host.to_ascii_lowercase(), port }, rest)),
        }
    }

    /// What keeps a policy from naming it: browsers leave out such a source without a word, and block what the page asks
    /// there.
    fn fault_in_policy(&self) -> Option<&'static str> {
        if self.host.starts_with('[') {
            Some("names an IPv6 address, which no Content-Security-Policy can: give the host's name")
        } else if self.host.contains('_') {
            Some(
                "names a host with an underscore, which no Content-Security-Policy can: give it another name",
            )
        } else {
            None
        }
    }

    /// What is wrong with sending a secret there: over http others read along, unless it stays on this machine.
    fn fault_for_secrets(&self) -> Option<&'static str> {
        let is_here = matches!(&*self.host, "localhost" | "127.0.0.1" | "[::1]");
        (!self.is_tls && !is_here).then_some("must begin with https://, for what is sent there is a secret")
    }

    /// What is wrong with having the page ask there.
    fn fault_to_ask(&self) -> Option<&'static str> {
        self.fault_in_policy().or_else(|| self.fault_for_secrets())
    }
}

const NEITHER: &str = "must begin with https:// or with a single slash";
const NOT_WHOLE: &str = "must begin with https://";
const NO_PORT: &str = "names a port that is none: a number from 1 to 65535 is due behind the colon";
const NO_HOST: &str = "names a host that is none";
const SIGNS: &str = "holds a blank or a sign that no address has (a name of other letters is written with xn--, in a path %20 is a blank)";
const AT_DISCOVERY: &str = "is where the provider describes itself: leave out /.well-known/openid-configuration at its end, which the console puts there itself";
const OF_TENANTS: &str = "holds a place for a tenant: write the address for all of them (such as \"https://login.microsoftonline.com/organizations/v2.0\"), and those who are let in as \"tenants\" beside it";
const ENDS: &str = "must end before its ? or #";

fn port_of(is_tls: bool) -> u16 {
    if is_tls { 443 } else { 80 }
}

fn fault_of_host(host: &str) -> Option<&'static str> {
    if let Some(inside) = host.strip_prefix('[') {
        let is_plain = |byte: u8| byte.is_ascii_hexdigit() || b":.".contains(&byte);
        let is_closed = inside
            .strip_suffix(']')
            .is_some_and(|inside| inside.contains(':') && inside.bytes().all(is_plain));
        return (!is_closed).then_some(NO_HOST);
    }
    if host.contains('*') {
        return Some("must name one host: a * stands for many");
    }
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    if !host.bytes().all(is_plain) {
        return Some("names a host with other signs than letters, digits, dots and dashes");
    }
    if host.len() > 253 || host.split('.').any(|label| label.is_empty() || label.len() > 63) {
        return Some(NO_HOST);
    }
    // Browsers read a host that ends with a number as an address of numbers, in whatever form.
    let last = host.rsplit('.').next().unwrap_or(host);
    let is_number =
        last.bytes().all(|byte| byte.is_ascii_digit()) || last.starts_with("0x") || last.starts_with("0X");
    let is_byte = |label: &str| label.parse::<u8>().is_ok() && (label == "0" || !label.starts_with('0'));
    let is_four = host.split('.').count() == 4 && host.split('.').all(is_byte);
    (is_number && !is_four).then_some("names a host that is none: four numbers from 0 to 255 are due")
}

/// An address that the vendor's paths are put behind, as it is used: nothing, a path of the page's own origin, or a
/// whole one.
pub(crate) fn base(text: &str) -> Result<String, &'static str> {
    check_signs(text)?;
    if text.contains(['?', '#']) {
        return Err(ENDS);
    }
    let (origin, path) = if text.contains("://") {
        let (origin, path) = to_ask(text)?;
        (origin.to_string(), path)
    } else {
        (String::new(), text)
    };
    check_path(path)?;
    Ok(format!("{origin}{path}"))
}

/// The address by which a provider calls itself: a whole one, which may end with a slash. It is used as it is written.
pub(crate) fn issuer(text: &str) -> Result<String, &'static str> {
    if text.ends_with(DISCOVERY) {
        return Err(AT_DISCOVERY);
    }
    if text.contains(PLACE) {
        return Err(OF_TENANTS);
    }
    check_signs(text)?;
    if !text.contains("://") {
        return Err(NOT_WHOLE);
    }
    if text.contains(['?', '#']) {
        return Err(ENDS);
    }
    let (_, path) = to_ask(text)?;
    check_path(path.strip_suffix('/').unwrap_or(path))?;
    Ok(text.to_owned())
}

/// What is wrong with an address that a provider names as its own, to be said behind it. It may have a query, which stays
/// (RFC 6749, 3.1 and 3.2).
pub fn endpoint_fault(text: &str) -> Option<&'static str> {
    let checked = check_signs(text).and_then(|()| to_ask(text));
    match checked {
        Err(NEITHER) => Some(NOT_WHOLE),
        Err(fault) => Some(fault),
        Ok(_) if text.contains('#') => Some("must end before its #"),
        Ok(_) => None,
    }
}

fn to_ask(text: &str) -> Result<(Origin, &str), &'static str> {
    let (origin, rest) = Origin::at_begin_of(text)?;
    origin.fault_to_ask().map_or(Ok((origin, rest)), Err)
}

/// Whether all signs are such as an address is made of (RFC 3986). A `*` among the host's is told by its name.
fn check_signs(text: &str) -> Result<(), &'static str> {
    let is_known = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~:/?#[]@!$&'()*+,;=%".contains(&byte);
    let is_encoded = |behind: &str| behind.bytes().take(2).filter(u8::is_ascii_hexdigit).count() == 2;
    let is_plain = text.bytes().all(is_known) && text.split('%').skip(1).all(is_encoded);
    if is_plain { Ok(()) } else { Err(SIGNS) }
}

fn check_path(path: &str) -> Result<(), &'static str> {
    let is_step = |step: &str| matches!(&*step.to_ascii_lowercase().replace("%2e", "."), "." | "..");
    if path.ends_with('/') {
        Err("must not end with a slash")
    } else if !path.is_empty() && !path.starts_with('/') || path.starts_with("//") {
        Err(NEITHER)
    } else if path.split('/').any(is_step) {
        Err("must not hold . or .. as a step")
    } else {
        Ok(())
    }
}

/// The origin of an address, as a policy names it and a browser writes it; nothing where it has none that a policy can
/// name.
pub fn origin_of(address: &str) -> Option<String> {
    let (origin, _) = Origin::at_begin_of(address).ok()?;
    origin.fault_in_policy().is_none().then(|| origin.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_written_as_browsers_write_it() {
        for (address, origin) in [
            ("https://a.example.com", Some("https://a.example.com")),
            ("https://A.Example.com:443/x", Some("https://a.example.com")),
            ("http://127.0.0.1:80", Some("http://127.0.0.1")),
            ("http://a.example.com:443", Some("http://a.example.com:443")),
            ("https://a.example.com:0443", Some("https://a.example.com")),
            ("https://a.example.com?x", Some("https://a.example.com")),
            ("https://xn--bcher-kva.example", Some("https://xn--bcher-kva.example")),
            ("https://localhost#x", Some("https://localhost")),
            ("/fusion", None),
            ("", None),
            ("https://", None),
            ("https://:443", None),
            ("https://a.example.com:", None),
            ("https://a.example.com:0", None),
            ("https://a.example.com:65536", None),
            ("https://a.example.com:+1", None),
            ("https://u@a.example.com", None),
            ("https://a.example.com;script-src", None),
            ("https://*.example.com", None),
            ("https://*", None),
            ("https://a.example.com,b", None),
            ("https://a'b.example.com", None),
            ("https://a b.example.com", None),
            ("https://$host", None),
            ("https://\u{fc}ber.example.com", None),
            ("https://a..example.com", None),
            ("https://a.example.com.", None),
            ("https://.example.com", None),
            ("https://256.1.1.1", None),
            ("https://10.1", None),
            ("https://0x7f.0.0.0x1", None),
            ("https://010.0.0.1", None),
            // Chromium and Firefox take neither for a source.
            ("https://my_pod.example.com", None),
            ("http://[::1]:8080/x", None),
            ("javascript://a", None),
            ("HTTPS://a", None),
        ] {
            assert_eq!(origin_of(address).as_deref(), origin, "{address}");
        }
        let long = format!("https://{}.example", "a".repeat(64));
        assert_eq!(origin_of(&long), None);
    }

    #[test]
    fn an_origin_alone_has_nothing_behind_it() {
        let port = |address| Origin::read(address).map(|origin| (origin.authority(), origin.port));
        assert_eq!(port("https://a.example.com:443"), Ok(("a.example.com".to_owned(), 443)));
        assert_eq!(port("http://[::1]:8788"), Ok(("[::1]:8788".to_owned(), 8788)));
        assert_eq!(port("https://demo_server:8787"), Ok(("demo_server:8787".to_owned(), 8787)));
        for wrong in [
            "https://a.example.com/",
            "https://a/x",
            "https://a?x",
            "https://[::1",
            "https://[1]",
            "https://[::1]x",
        ] {
            assert!(Origin::read(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_secret_goes_over_http_to_this_machine_alone() {
        for good in ["https://a.example.com", "http://localhost:1", "http://127.0.0.1:1", "http://[::1]:1"] {
            assert!(Origin::read(good).is_ok(), "{good}");
        }
        for open in
            ["http://a.example.com", "http://10.0.0.1", "http://localhost.example.com", "http://[::2]"]
        {
            let fault = Origin::read(open).unwrap_err();
            assert!(fault.contains("must begin with https://"), "{open}: {fault}");
        }
    }

    #[test]
    fn an_endpoint_of_a_provider_may_have_a_query_and_no_fragment() {
        for good in [
            "https://id.example.com/auth",
            "https://id.example.com/auth?tenant=1",
            "http://localhost:8080/t",
            "https://id.example.com",
        ] {
            assert_eq!(endpoint_fault(good), None, "{good}");
        }
        for (wrong, words) in [
            ("https://id.example.com/auth#x", "must end before its #"),
            ("https://id.example.com/auth?a=1#", "must end before its #"),
            ("http://id.example.com/auth", "must begin with https://"),
            ("/auth", "must begin with https://"),
            ("javascript:alert(1)", "must begin with https://"),
            ("", "must begin with https://"),
            ("https://u:p@id.example.com/auth", "a user or a password"),
            ("https://id.example.com/a b", "a blank"),
            ("https://[::1]/auth", "an IPv6 address"),
            ("https://id.example.com:99999/auth", "a port that is none"),
        ] {
            assert!(
                endpoint_fault(wrong).is_some_and(|fault| fault.contains(words)),
                "{wrong}: {:?}",
                endpoint_fault(wrong)
            );
        }
    }
}
