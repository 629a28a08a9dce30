//! Which addresses of the page's own origin lead to which system, by connections.json.

use crate::Outcome;
use connections::page_headers::BUILD_FOLDER;
use connections::{Connection, Connections, SignInMethod};

/// What a web server passes on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Route {
    /// With which the address begins: it ends with a slash, or is one address.
    pub(super) prefix: String,
    /// Whether the prefix is the console's alone, and the system knows nothing of it.
    pub(super) is_stripped: bool,
    /// Whose it is, as a name in a configuration (`oracle`, `cloud_foundry_tokens`).
    pub(super) backend: String,
}

/// The parts of a web server's configuration that a system has.
struct Place<'a> {
    name: &'static str,
    /// In connections.json.
    member: &'static str,
    tokens: &'static str,
    paths: &'static [&'static str],
    connection: &'a Option<Connection>,
}

const TOKEN_PATH: &str = "/oauth/token";

/// With which the console's own addresses begin (`src/app/desk.rs`, and what lies beside the page).
const OWN_STEPS: [&str; 13] = [
    "batches",
    "events",
    "buckets",
    "changes",
    "import",
    "approvals",
    "help",
    "settings",
    "service-usage",
    "callback",
    "index.html",
    "parts.json",
    "connections.json",
];

/// The three systems, in the order in which people sign in at the first that there is.
fn places(connections: &Connections) -> [Place<'_>; 3] {
    let Connections { oracle, logi_sense, cloud_foundry, .. } = connections;
    [
        Place {
            name: "oracle",
            member: "oracle",
            tokens: "oracle_tokens",
            paths: &["/crmRestApi/", TOKEN_PATH],
            connection: oracle,
        },
        Place {
            name: "logisense",
            member: "logiSense",
            tokens: "logisense_tokens",
            paths: &["/ResourceServer/", "/AuthorizationServer/"],
            connection: logi_sense,
        },
        Place {
            name: "cloud_foundry",
            member: "cloudFoundry",
            tokens: "cloud_foundry_tokens",
            paths: &["/v3/", TOKEN_PATH],
            connection: cloud_foundry,
        },
    ]
}

/// Two systems of which one comes to know what a person shows the other.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct OneSignIn {
    /// Each as in [`Route`].
    pub(super) first: &'static str,
    pub(super) second: &'static str,
    /// The second one's name in connections.json.
    pub(super) member: &'static str,
}

/// The systems that share the main one's sign-in, and those whose passwords are exchanged where the main one's are.
pub(super) fn one_sign_ins(connections: &Connections) -> Vec<OneSignIn> {
    let places = places(connections);
    let mut there = places.iter().filter_map(|place| Some((place, place.connection.as_ref()?)));
    let Some((first, main)) = there.next() else { return Vec::new() };
    let has_tokens_there = |place: &Place<'_>| place.paths.contains(&TOKEN_PATH);
    let gives_tokens = if main.token_service.is_some() { first.tokens } else { first.name };
    there
        .filter_map(|(second, own)| {
            let is_asked_for_tokens = has_tokens_there(first)
                && has_tokens_there(second)
                // Where it names the other's token service itself, that is meant.
                && own.token_service.is_none()
                && own.token_address(TOKEN_PATH) == main.token_address(TOKEN_PATH)
                && own.methods().contains(&SignInMethod::TokenService);
            let first = if own.shares_credentials_with(main) {
                first.name
            } else if is_asked_for_tokens {
                gives_tokens
            } else {
                return None;
            };
            Some(OneSignIn { first, second: second.name, member: second.member })
        })
        .collect()
}

/// Every route, each prefix once: systems at one base are one server.
pub(super) fn routes(connections: &Connections) -> Outcome<Vec<Route>> {
    let mut routes = Vec::<Route>::new();
    for place in places(connections) {
        let Some(connection) = place.connection else { continue };
        let gives_tokens = |path: &&str| *path == TOKEN_PATH || path.starts_with("/AuthorizationServer");
        let (of_tokens, of_records): (Vec<&str>, Vec<&str>) =
            place.paths.iter().copied().partition(gives_tokens);
        let mut add = |base: &str, paths: &[&str], backend: &str| -> Outcome {
            for (prefix, is_stripped) in prefixes(base, paths)? {
                if !routes.iter().any(|route| route.prefix == prefix) {
                    routes.push(Route { prefix, is_stripped, backend: backend.to_owned() });
                }
            }
            Ok(())
        };
        add(&connection.base, &of_records, place.name)?;
        match &connection.token_service {
            None => add(&connection.base, &of_tokens, place.name)?,
            Some(service) => add(service, &of_tokens, place.tokens)?,
        }
    }
    // A demo names its people there.
    if connections.demo
        && let Some(first) = routes.first().map(|route| route.backend.clone())
    {
        routes.push(Route { prefix: "/healthz".to_owned(), is_stripped: false, backend: first });
    }
    Ok(routes)
}

/// The prefixes of a base, and whether the system is not to see them: none where the base is another origin.
fn prefixes(base: &str, paths: &[&str]) -> Outcome<Vec<(String, bool)>> {
    if base.is_empty() {
        return Ok(paths.iter().map(|&path| (path.to_owned(), false)).collect());
    }
    if base.contains("://") {
        return Ok(Vec::new());
    }
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || "/-._~".contains(letter);
    let first = base.trim_start_matches('/').split('/').next().unwrap_or_default();
    if OWN_STEPS.contains(&first) || first.starts_with(BUILD_FOLDER) {
        Err(format!(
            "the base {base}: addresses that begin with /{first} are the console's own; choose another"
        ))
    } else if base.chars().all(is_plain) {
        Ok(vec![(format!("{base}/"), true)])
    } else {
        Err(format!("the base {base} has other signs than letters, digits, slashes, dots and dashes"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(file: &str) -> Outcome<Vec<String>> {
        let routes = routes(&Connections::read(file.as_bytes()).unwrap())?;
        let told = |route: Route| {
            let stripped = if route.is_stripped { " stripped" } else { "" };
            format!("{} to {}{stripped}", route.prefix, route.backend)
        };
        Ok(routes.into_iter().map(told).collect())
    }

    #[test]
    fn each_prefix_leads_to_one_system() {
        let all = of("{\"oracle\": {}, \"logiSense\": {}, \"cloudFoundry\": {}}").unwrap();
        assert_eq!(
            all,
            [
                "/crmRestApi/ to oracle",
                "/oauth/token to oracle",
                "/ResourceServer/ to logisense",
                "/AuthorizationServer/ to logisense",
                "/v3/ to cloud_foundry",
            ]
        );
        let bases = "{\"oracle\": {\"base\": \"/fusion\", \"tokenService\": \"/id\"},
                      \"logiSense\": {\"base\": \"/fusion\"},
                      \"cloudFoundry\": {\"tokenService\": \"https://uaa.example.com\"}}";
        assert_eq!(
            of(bases).unwrap(),
            ["/fusion/ to oracle stripped", "/id/ to oracle_tokens stripped", "/v3/ to cloud_foundry",]
        );
        assert_eq!(of("{\"oracle\": {\"base\": \"https://a.example.com\"}}").unwrap(), [""; 0]);
        let tokens_here = "{\"oracle\": {\"base\": \"https://a.example.com\", \"tokenService\": \"\"}}";
        assert_eq!(of(tokens_here).unwrap(), ["/oauth/token to oracle_tokens"]);
    }

    #[test]
    fn what_is_shown_to_the_main_system_goes_to_those_at_its_base() {
        let second = |file: &str| -> Vec<String> {
            let connections = Connections::read(file.as_bytes()).unwrap();
            let named = |pair: OneSignIn| match pair.first {
                "oracle_tokens" => format!("{} of oracle_tokens", pair.second),
                _ => pair.second.to_owned(),
            };
            one_sign_ins(&connections).into_iter().map(named).collect()
        };
        let provider = "\"openIdConnect\": {\"issuer\": \"https://id.example.com\", \"clientId\": \"desk\"}";
        for (oracle, cloud_foundry, shared) in [
            ("", "", &["logisense", "cloud_foundry"][..]),
            ("\"base\": \"/fusion\"", "", &[]),
            ("\"base\": \"https://pod.example.com\"", "", &[]),
            ("", "\"base\": \"/cf\"", &["logisense"]),
            ("", "\"tokenService\": \"/uaa\"", &["logisense"]),
            ("", provider, &["logisense"]),
            // Its passwords would be exchanged at `/oauth/token`, which is the main one's or its token service's.
            ("\"base\": \"/fusion\", \"tokenService\": \"\"", "", &["cloud_foundry of oracle_tokens"]),
            (
                "",
                &format!("{provider}, \"signIn\": [\"openid-connect\", \"token-service\"]"),
                &["logisense", "cloud_foundry"],
            ),
        ] {
            let file = format!(
                "{{\"oracle\": {{{oracle}}}, \"logiSense\": {{}}, \"cloudFoundry\": {{{cloud_foundry}}}}}"
            );
            assert_eq!(second(&file), shared, "{file}");
        }
        assert_eq!(second("{\"logiSense\": {}, \"cloudFoundry\": {}}"), ["cloud_foundry"]);
    }

    #[test]
    fn a_base_is_no_address_of_the_console() {
        for base in ["/batches", "/service-usage/x", "/callback", "/app-1f0c6a3b9d2e4f58"] {
            for part in ["base", "tokenService"] {
                let refused = of(&format!("{{\"oracle\": {{\"{part}\": \"{base}\"}}}}")).unwrap_err();
                assert!(refused.contains("are the console's own"), "{refused}");
            }
        }
        assert!(of("{\"oracle\": {\"base\": \"/batches-api/events\"}}").is_ok());
        // The list is that of the screens.
        let desk = include_str!("../../../../src/app/desk.rs");
        let screens = desk.split("path!(\"/").skip(1).filter_map(|rest| rest.split(['/', '"']).next());
        let screens: Vec<&str> = screens.filter(|step| !step.is_empty()).collect();
        assert!(screens.len() > 6, "{screens:?}");
        assert_eq!(screens.iter().find(|step| !OWN_STEPS.contains(step)), None);
    }

    #[test]
    fn what_a_configuration_could_misread_is_refused() {
        for base in ["/a;b", "/a{b", "/a\\\"b", "/$host", "/a*b", "https://a.example.com;x"] {
            let file = format!("{{\"oracle\": {{\"base\": \"{base}\"}}}}");
            // Most of it is refused where the file is read.
            let is_refused = Connections::read(file.as_bytes()).is_err() || of(&file).is_err();
            assert!(is_refused, "{base}");
        }
    }
}
