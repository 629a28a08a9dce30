//! The page's site as nginx, Caddy and Apache are told of it: the same headers on the same classes of path, the same
//! addresses passed on.

use super::backend::Backend;
use super::route::Route;
use connections::page_headers::{BUILD_FOLDER, Kept, ON_EVERY_ANSWER, ON_THE_PAGE};
use std::fmt::Write as _;

/// Everything that a configuration is made from.
pub(super) struct Site {
    pub(super) build: String,
    pub(super) policy: String,
    /// Where people find the page.
    pub(super) address: Address,
    /// The folder that holds it on the web server's machine.
    pub(super) root: String,
    pub(super) routes: Vec<Route>,
    pub(super) backends: Vec<Backend>,
}

/// An address without a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Address {
    pub(crate) is_tls: bool,
    pub(crate) host: String,
    pub(crate) port: u16,
}

const NGINX: &str = include_str!("nginx.conf");
const CADDY: &str = include_str!("Caddyfile");
const APACHE: &str = include_str!("apache.conf");

/// Whose certificates are believed, as Debian keeps them.
const KNOWN_ISSUERS: &str = "/etc/ssl/certs/ca-certificates.crt";

/// nginx refuses names of variables that are longer than 46 signs.
const LONGEST_MARK: usize = 24;

/// The names of the headers that stand on every answer: a system's own ones of the name give way.
fn headers() -> impl Iterator<Item = (&'static str, &'static str)> {
    ON_EVERY_ANSWER.into_iter().chain(ON_THE_PAGE)
}

/// Lines, each made from one thing.
fn lines<T>(of: impl IntoIterator<Item = T>, line: impl Fn(T) -> String) -> String {
    of.into_iter().map(|one| line(one) + "\n").collect()
}

impl Site {
    fn filled(&self, template: &str, parts: &[(&str, String)]) -> String {
        let own = [
            ("BUILD", self.build.clone()),
            ("POLICY", self.policy.clone()),
            ("ROOT", self.root.clone()),
            ("HOST", self.address.host.clone()),
            ("MARK", self.mark()),
            ("PORT", self.address.port.to_string()),
            ("FOLDER", BUILD_FOLDER.to_owned()),
            ("NEVER", Kept::Never.cache_control().to_owned()),
            ("ASKED", Kept::WhileItIsTheSame.cache_control().to_owned()),
            ("FOR_GOOD", Kept::ForGood.cache_control().to_owned()),
        ];
        let all = own
            .iter()
            .map(|(name, text)| (*name, text))
            .chain(parts.iter().map(|(name, text)| (*name, text)));
        all.fold(template.to_owned(), |text, (name, part)| text.replace(&format!("@{name}@"), part))
    }

    /// Stands in the names that a web server keeps for all its sites: another package may be beside this one.
    fn mark(&self) -> String {
        let Address { host, port, .. } = &self.address;
        let port = if [80, 443].contains(port) { String::new() } else { format!("_{port}") };
        let letter = |letter: char| if letter.is_ascii_alphanumeric() { letter } else { '_' };
        let whole = host.chars().map(letter).collect::<String>() + &port;
        if whole.len() <= LONGEST_MARK {
            return whole;
        }
        // FNV-1a: two long names may begin alike.
        let step = |sum: u32, byte: u8| (sum ^ u32::from(byte)).wrapping_mul(0x0100_0193);
        let sum = whole.bytes().fold(0x811c_9dc5, step);
        format!("{}_{sum:08x}", &whole[..LONGEST_MARK - 9])
    }

    fn backend_of(&self, route: &Route) -> Option<&Backend> {
        self.backends.iter().find(|backend| backend.name == route.backend)
    }

    fn has_tls_behind(&self) -> bool {
        self.backends.iter().any(|backend| backend.is_tls)
    }

    fn passed(&self) -> impl Iterator<Item = (&Route, &Backend)> {
        self.routes.iter().filter_map(|route| Some((route, self.backend_of(route)?)))
    }

    pub(super) fn nginx(&self) -> String {
        let Address { is_tls, host, port } = &self.address;
        let mark = self.mark();
        let mut upstreams = String::new();
        for backend in &self.backends {
            let servers =
                lines(&backend.servers, |server| format!("    server {server} max_fails=3 fail_timeout=5s;"));
            let _ = write!(upstreams, "upstream usage_desk_{mark}_{} {{\n{servers}}}\n\n", backend.name);
        }
        let mut routes = String::new();
        for (number, (route, backend)) in self.passed().enumerate() {
            let Route { prefix, is_stripped, backend: name } = route;
            let uri = if *is_stripped { format!("$usage_desk_{mark}_{number}_uri") } else { String::new() };
            if *is_stripped {
                let base = prefix.trim_end_matches('/').replace('.', "\\.");
                let _ = write!(
                    upstreams,
                    "# The address as it came, without what is the console's alone.\n\
                     map $request_uri {uri} {{\n    \"~^{base}(/.*)$\" $1;\n}}\n\n"
                );
            }
            let tls_name = if backend.is_tls {
                format!("        proxy_ssl_name {};\n", backend.host_name())
            } else {
                String::new()
            };
            let pass = format!(
                "        proxy_set_header Host {};\n        proxy_set_header X-Forwarded-Host $http_host;\n        \
                 proxy_set_header X-Forwarded-Proto $scheme;\n        \
                 proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;\n        \
                 # This server packs the answers.\n        proxy_set_header Accept-Encoding \"\";\n{tls_name}        \
                 proxy_pass {}://usage_desk_{mark}_{name}{uri};\n",
                backend.host,
                backend.scheme(),
            );
            let exactly = if prefix.ends_with('/') { "" } else { "= " };
            let _ = write!(
                routes,
                "\n    location {exactly}{prefix} {{\n        error_page 418 = @usage_desk_write_{number};\n        \
                 if ($request_method ~ \"^(PUT|DELETE)$\") {{\n            return 418;\n        }}\n        \
                 proxy_next_upstream error timeout;\n{pass}    }}\n    \
                 # nginx itself tries POST and PATCH with another server only where the first one was sent nothing. What became\n    \
                 # of a write is looked up, not tried again.\n    \
                 location @usage_desk_write_{number} {{\n        proxy_next_upstream off;\n{pass}    }}\n"
            );
        }
        // nginx takes any certificate unless it is told not to.
        let verified = format!(
            "    # People's passwords and tokens go there.\n    proxy_ssl_verify on;\n    proxy_ssl_verify_depth 4;\n    \
             proxy_ssl_trusted_certificate {KNOWN_ISSUERS};\n"
        );
        let tls = format!(
            "    ssl_certificate /etc/ssl/{host}/fullchain.pem;\n    ssl_certificate_key /etc/ssl/{host}/privkey.pem;\n"
        );
        self.filled(
            NGINX,
            &[
                ("UPSTREAMS", upstreams),
                ("LISTEN", if *is_tls { format!("{port} ssl http2") } else { port.to_string() }),
                ("TLS", if *is_tls { tls } else { String::new() }),
                (
                    "HEADERS",
                    lines(headers(), |(name, value)| format!("    add_header {name} \"{value}\" always;")),
                ),
                (
                    "HIDDEN",
                    lines(
                        headers()
                            .map(|(name, _)| name)
                            .chain(["Content-Security-Policy", "Strict-Transport-Security"]),
                        |name| format!("    proxy_hide_header {name};"),
                    ),
                ),
                ("ROUTES", routes),
                ("VERIFIED", if self.has_tls_behind() { verified } else { String::new() }),
            ],
        )
    }

    pub(super) fn caddy(&self) -> String {
        let Address { is_tls, host, port } = &self.address;
        let mark = self.mark();
        let mut routes = String::new();
        for (route, backend) in self.passed() {
            let Route { prefix, is_stripped, .. } = route;
            let addresses: Vec<String> = backend.addresses().collect();
            let strip = if *is_stripped {
                format!("\t\turi strip_prefix {}\n", prefix.trim_end_matches('/'))
            } else {
                String::new()
            };
            let matched = if prefix.ends_with('/') { format!("{prefix}*") } else { prefix.clone() };
            let _ = write!(
                routes,
                "\thandle {matched} {{\n\t\timport usage_desk_{mark}_system_headers\n{strip}\t\treverse_proxy {} {{\n\
                 \t\t\t# Only what a server was never sent, and reading, is tried with another one: a write is not repeated.\n\
                 \t\t\tlb_try_duration 3s\n\t\t\tlb_retry_match {{\n\t\t\t\tmethod GET HEAD OPTIONS\n\t\t\t}}\n\
                 \t\t\tmax_fails 3\n\t\t\tfail_duration 5s\n\t\t\theader_up Host {}\n\t\t}}\n\t}}\n",
                addresses.join(" "),
                backend.host,
            );
        }
        let scheme = if *is_tls { "https" } else { "http" };
        let tls = format!(
            "\t# Caddy gets a certificate by itself. In place of that, for one of your own:\n\
             \t# tls /etc/ssl/{host}/fullchain.pem /etc/ssl/{host}/privkey.pem\n"
        );
        self.filled(
            CADDY,
            &[
                ("ADDRESS", format!("{scheme}://{host}:{port}")),
                ("TLS", if *is_tls { tls } else { String::new() }),
                ("HEADERS", lines(headers(), |(name, value)| format!("\t\t{name} \"{value}\""))),
                ("DEEPER", lines(headers(), |(name, value)| format!("\t\t\t{name} \"{value}\""))),
                ("ROUTES", routes),
            ],
        )
    }

    pub(super) fn apache(&self) -> String {
        let Address { is_tls, host, port } = &self.address;
        let mut routes = String::new();
        if self.has_tls_behind() {
            let _ = write!(
                routes,
                "    SSLProxyEngine On\n    # People's passwords and tokens go there.\n    SSLProxyVerify require\n    \
                 SSLProxyVerifyDepth 4\n    SSLProxyCACertificateFile {KNOWN_ISSUERS}\n"
            );
        }
        for backend in &self.backends {
            let members = lines(backend.usual_addresses(), |address| {
                format!("        BalancerMember \"{address}\" retry=5 connectiontimeout=5 disablereuse=On")
            });
            let _ = write!(
                routes,
                "    # A write goes to one server, once. What became of it is looked up, not tried again.\n    \
                 <Proxy \"balancer://usage_desk_{}\">\n{members}    </Proxy>\n",
                backend.name
            );
        }
        let mut passed = String::new();
        for (route, backend) in self.passed() {
            let Route { prefix, is_stripped, .. } = route;
            let behind = if *is_stripped { "/" } else { prefix.as_str() };
            let close = if prefix.ends_with('/') { "" } else { "$" };
            let _ = write!(
                routes,
                "    ProxyPass \"{prefix}\" \"balancer://usage_desk_{}{behind}\" nocanon\n    \
                 <Location \"{prefix}\">\n        Header always unset Cache-Control \"expr=%{{REQUEST_STATUS}} -lt 500\"\n    </Location>\n",
                backend.name,
            );
            let _ = writeln!(passed, "    RewriteRule ^{}{close} - [L]", prefix.replace('.', "\\."));
        }
        let tls = format!(
            "    SSLEngine On\n    SSLCertificateFile /etc/ssl/{host}/fullchain.pem\n    SSLCertificateKeyFile /etc/ssl/{host}/privkey.pem\n"
        );
        let needs_ssl = *is_tls || self.has_tls_behind();
        self.filled(
            APACHE,
            &[
                ("SSL_MODULE", if needs_ssl { ", ssl" } else { "" }.to_owned()),
                ("LISTEN", if [80, 443].contains(port) { String::new() } else { format!("Listen {port}\n") }),
                ("TLS", if *is_tls { tls } else { String::new() }),
                (
                    "HEADERS",
                    lines(headers(), |(name, value)| {
                        format!("    Header onsuccess unset {name}\n    Header always set {name} \"{value}\"")
                    }),
                ),
                ("PASSED", passed),
                ("ROUTES", routes),
            ],
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn site(address: &str) -> Site {
        site_at("desk.example.com", address)
    }

    fn site_at(host: &str, address: &str) -> Site {
        Site {
            build: "0f".to_owned(),
            policy: "default-src 'none'".to_owned(),
            address: Address { is_tls: true, host: host.to_owned(), port: 443 },
            root: "/srv/usage-desk".to_owned(),
            routes: vec![Route {
                prefix: "/crmRestApi/".to_owned(),
                is_stripped: false,
                backend: "oracle".to_owned(),
            }],
            backends: vec![Backend::read("oracle", address).unwrap()],
        }
    }

    #[test]
    fn a_system_has_to_show_a_certificate_of_its_name() {
        let over_tls = site("https://pod.example.com");
        let nginx = over_tls.nginx();
        for line in [
            "proxy_ssl_verify on;",
            "proxy_ssl_name pod.example.com;",
            "proxy_pass https://usage_desk_desk_example_com_oracle;",
        ] {
            assert!(nginx.contains(line), "{line}: {nginx}");
        }
        assert!(over_tls.apache().contains("SSLProxyVerify require"));
        assert!(over_tls.caddy().contains("reverse_proxy https://pod.example.com:443 {"));
        let plain = site("http://127.0.0.1:8787");
        assert!(!plain.nginx().contains("proxy_ssl_verify") && !plain.apache().contains("SSLProxy"));
    }

    #[test]
    fn two_packages_on_one_web_server_have_no_name_in_common() {
        // What nginx and Caddy keep for all sites; their matchers and named locations are a site's own.
        let names = |snippet: &str| -> Vec<String> {
            let words = snippet.split(|sign: char| !(sign.is_ascii_alphanumeric() || "_@".contains(sign)));
            words.filter(|word| word.starts_with("usage_desk_")).map(str::to_owned).collect()
        };
        let long = "usage-desk.finance.europe.example";
        for (one, two) in
            [("desk.example.com", "desk2.example.com"), (&*format!("{long}.com"), &*format!("{long}.net"))]
        {
            let [one, two] = [one, two].map(|host| {
                let mut site = site_at(host, "http://127.0.0.1:8787");
                site.routes[0].is_stripped = true;
                let in_nginx = names(&site.nginx());
                assert_eq!(in_nginx.iter().find(|name| name.len() > 46), None);
                in_nginx.into_iter().chain(names(&site.caddy())).collect::<Vec<_>>()
            });
            assert!(one.len() > 10, "{one:?}");
            assert_eq!(one.iter().find(|name| two.contains(name)), None);
        }
    }

    #[test]
    fn every_place_of_a_snippet_is_filled() {
        let site = site("https://pod.example.com,https://pod.example.com:8443");
        for snippet in [site.nginx(), site.caddy(), site.apache()] {
            // What is left looks like `@NAME@`; named locations and matchers are in small letters.
            let left = snippet.split('@').skip(1).find(|part| {
                !part.is_empty() && part.chars().all(|letter| letter.is_ascii_uppercase() || letter == '_')
            });
            assert_eq!(left, None, "{snippet}");
        }
    }
}
