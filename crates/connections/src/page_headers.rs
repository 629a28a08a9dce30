//! What goes along with the page's files, whoever serves them: where the page may ask, and how long a browser may keep
//! what. The demo server sends it, `cargo xtask package` writes it down for other web servers, and Settings shows it.

use super::{Connection, Connections, origin_of};

/// What every answer carries.
pub const ON_EVERY_ANSWER: [(&str, &str); 2] =
    [("X-Content-Type-Options", "nosniff"), ("Referrer-Policy", "no-referrer")];

/// What the page carries besides, with its policy.
pub const ON_THE_PAGE: [(&str, &str); 2] = [
    ("Cross-Origin-Opener-Policy", "same-origin"),
    // What the console never uses is switched off.
    (
        "Permissions-Policy",
        "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
    ),
];

/// The begin of the name of a folder that holds one build; sixteen digits follow.
pub const BUILD_FOLDER: &str = "app-";

/// How long a browser keeps a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept {
    /// No other bytes will ever stand at this address.
    ForGood,
    /// Until the server says, each time anew, that there is another one.
    WhileItIsTheSame,
    /// A build that is being put in place may bring what is missing; connections may change.
    Never,
}

impl Kept {
    pub const ALL: [Self; 3] = [Self::ForGood, Self::WhileItIsTheSame, Self::Never];

    /// Of a file that is there, by its name below the folder that is served.
    pub fn of_file(name: &str) -> Self {
        if name == "connections.json" {
            Self::Never
        } else if has_content_hash(name) {
            Self::ForGood
        } else {
            Self::WhileItIsTheSame
        }
    }

    pub fn cache_control(self) -> &'static str {
        match self {
            Self::ForGood => "public, max-age=31536000, immutable",
            Self::WhileItIsTheSame => "no-cache",
            Self::Never => "no-store",
        }
    }
}

/// Whether the file is in the folder of a build (`app-1f0c6a3b9d2e4f58/usage-desk.js`, `cargo xtask dist`), or carries a
/// hash itself, as Trunk gives it (`usage-desk-1f0c6a3b9d2e4f58_bg.wasm`). Each is of sixteen digits: other numbers in
/// names, such as those of split modules, say nothing of the content.
fn has_content_hash(name: &str) -> bool {
    let is_hash = |part: &str| {
        part.len() == 16 && part.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
    };
    match name.split_once('/') {
        Some((folder, _)) => folder.strip_prefix(BUILD_FOLDER).is_some_and(is_hash),
        None => name.split(['-', '_', '.']).skip(1).any(is_hash),
    }
}

/// The Content-Security-Policy of the page: everything from its own origin, nothing inline but the scripts whose
/// SHA-256 these are (in base64), and no other origin asked than the systems' and those of the providers who sign people
/// in. `endpoints` are addresses that providers name as their own, which may have other origins than they: the page
/// asks there for tokens, and may send a form there.
pub fn content_security_policy(
    connections: &Connections,
    endpoints: &[String],
    script_hashes: &[String],
) -> String {
    let hashes: String = script_hashes.iter().map(|hash| format!(" 'sha256-{hash}'")).collect();
    let endpoints = endpoints.iter().map(String::as_str);
    let providers = listed(connections.issuers().chain(endpoints).filter_map(origin_of));
    let systems = connections.addresses().filter_map(origin_of);
    let asked = listed(systems.chain(providers.iter().cloned()));
    let words = |origins: &[String]| origins.iter().map(|origin| format!(" {origin}")).collect::<String>();
    let (asked, providers) = (words(&asked), words(&providers));
    format!(
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'{hashes}; style-src 'self'; \
         img-src 'self' data:; font-src 'self'; connect-src 'self'{asked}; base-uri 'none'; \
         form-action 'self'{providers}; frame-ancestors 'none'; manifest-src 'self'"
    )
}

/// Each origin once, in the order in which they came.
fn listed(origins: impl Iterator<Item = String>) -> Vec<String> {
    let mut list = Vec::new();
    for origin in origins {
        if !list.contains(&origin) {
            list.push(origin);
        }
    }
    list
}

/// The texts of the page's script elements without `src`.
pub fn inline_scripts(page: &str) -> impl Iterator<Item = &str> {
    page.split("<script").skip(1).filter_map(|rest| {
        let (attributes, rest) = rest.split_once('>')?;
        let (script, _) = rest.split_once("</script")?;
        let external = attributes.split_whitespace().any(|one| one.starts_with("src=") || one == "src");
        (!external).then_some(script)
    })
}

impl Connections {
    fn each(&self) -> impl Iterator<Item = &Connection> {
        [&self.oracle, &self.logi_sense, &self.cloud_foundry].into_iter().flatten()
    }

    /// Every address of a system that the file names.
    fn addresses(&self) -> impl Iterator<Item = &str> {
        self.each().flat_map(|connection| {
            [Some(connection.base.as_str()), connection.token_service.as_deref()].into_iter().flatten()
        })
    }

    /// The providers at which people sign in.
    pub fn issuers(&self) -> impl Iterator<Item = &str> {
        self.each()
            .filter_map(|connection| connection.open_id_connect.as_ref())
            .map(|one| one.issuer.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn policy(file: &str, providers: &[&str]) -> String {
        let providers: Vec<String> = providers.iter().map(|&one| one.to_owned()).collect();
        content_security_policy(
            &Connections::read(file.as_bytes()).unwrap(),
            &providers,
            &["a+/=".to_owned()],
        )
    }

    #[test]
    fn the_page_may_ask_the_systems_and_the_providers_and_nobody_else() {
        let here = policy("{\"oracle\": {\"base\": \"/fusion\"}, \"cloudFoundry\": {}}", &[]);
        assert_eq!(
            here,
            "default-src 'none'; script-src 'self' 'wasm-unsafe-eval' 'sha256-a+/='; style-src 'self'; \
             img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; \
             frame-ancestors 'none'; manifest-src 'self'"
        );
        let there = policy(
            "{\"oracle\": {\"base\": \"https://API.example.com:8443/a/b\"},
              \"cloudFoundry\": {\"base\": \"https://api.cf.example.com\", \"tokenService\": \"https://uaa.cf.example.com/x\"},
              \"logiSense\": {\"base\": \"https://api.cf.example.com/logisense\"}}",
            &["https://id.example.com/realms/desk", "https://uaa.cf.example.com", "https://id.example.com"],
        );
        let asked = "connect-src 'self' https://api.example.com:8443 https://api.cf.example.com \
                     https://uaa.cf.example.com https://id.example.com;";
        assert!(there.contains(asked), "{there}");
        assert!(
            there.contains("form-action 'self' https://id.example.com https://uaa.cf.example.com;"),
            "{there}"
        );
    }

    #[test]
    fn a_provider_is_asked_and_may_be_sent_a_form() {
        let provider = "{\"issuer\": \"https://id.example.com/realms/desk\", \"clientId\": \"desk\"}";
        let file = format!(
            "{{\"oracle\": {{\"openIdConnect\": {provider}}}, \"cloudFoundry\": {{\"openIdConnect\": {provider}}}}}"
        );
        let there = policy(&file, &["https://tokens.example.com/token", "https://id.example.com/auth"]);
        let both = "'self' https://id.example.com https://tokens.example.com;";
        assert!(there.contains(&format!("connect-src {both}")), "{there}");
        assert!(there.contains(&format!("form-action {both}")), "{there}");
    }

    #[test]
    fn whatever_the_file_may_name_comes_into_the_policy() {
        for (base, origin) in [
            ("https://a.example.com", "https://a.example.com"),
            ("https://A.example.com:443/x", "https://a.example.com"),
            ("https://a.example.com:8443", "https://a.example.com:8443"),
            ("http://127.0.0.1:80/x", "http://127.0.0.1"),
            ("http://localhost:8080", "http://localhost:8080"),
            ("https://10.0.0.1/x/y", "https://10.0.0.1"),
        ] {
            let of = |member: &str| policy(&format!("{{\"oracle\": {{\"{member}\": \"{base}\"}}}}"), &[]);
            for policy in [of("base"), of("tokenService")] {
                assert!(policy.contains(&format!("connect-src 'self' {origin};")), "{base}: {policy}");
            }
            let provider = format!(
                "{{\"oracle\": {{\"openIdConnect\": {{\"issuer\": \"{base}\", \"clientId\": \"d\"}}}}}}"
            );
            assert!(policy(&provider, &[]).contains(&format!("form-action 'self' {origin};")), "{base}");
        }
        // What a provider says of itself comes from elsewhere: what no policy can name is left out.
        let odd = policy("{\"oracle\": {}}", &["data://x", "https://*.example.com", "https://a;script-src"]);
        assert!(odd.contains("connect-src 'self';") && odd.contains("form-action 'self';"), "{odd}");
    }

    #[test]
    fn only_files_of_one_content_are_kept_for_good() {
        for (name, kept) in [
            ("usage-desk-1f0c6a3b9d2e4f58.js", Kept::ForGood),
            ("usage-desk-1f0c6a3b9d2e4f58_bg.wasm", Kept::ForGood),
            ("style-ab12cd34ef567890.css", Kept::ForGood),
            ("index.html", Kept::WhileItIsTheSame),
            ("favicon.ico", Kept::WhileItIsTheSame),
            ("deadbeef.js", Kept::WhileItIsTheSame),
            ("app-1f0c6a3b9d2e4f58/split_changes.wasm", Kept::ForGood),
            ("app-1f0c6a3b9d2e4f5/split_changes.wasm", Kept::WhileItIsTheSame),
            ("parts/usage-desk-1f0c6a3b9d2e4f58.js", Kept::WhileItIsTheSame),
            ("split_lazy_page_10165190128342977145.wasm", Kept::WhileItIsTheSame),
            ("parts.json", Kept::WhileItIsTheSame),
            ("connections.json", Kept::Never),
        ] {
            assert_eq!(Kept::of_file(name), kept, "{name}");
        }
    }

    #[test]
    fn scripts_in_the_page_are_told_from_those_beside_it() {
        let page =
            r#"<script type="module" nonce>alert(1)</script><script src="/a.js"></script><p>no script</p>"#;
        assert_eq!(inline_scripts(page).collect::<Vec<_>>(), ["alert(1)"]);
        assert_eq!(inline_scripts("<p>no script</p>").count(), 0);
    }
}
