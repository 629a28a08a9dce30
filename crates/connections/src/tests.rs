use super::*;

#[track_caller]
fn fault(text: &str, expected: &str) {
    let fault = Connections::read(text.as_bytes()).expect_err(text).to_string();
    assert!(fault.contains(expected), "{fault}");
}

#[test]
fn a_file_names_the_systems_that_exist() {
    let text = "\u{feff}{\n \"environment\": {\"name\": \"TEST\", \"colour\": \"amber\"},\n \"oracle\": {\"base\": \"/fusion\", \"signIn\": [\"basic\"], \"clientId\": \"desk\", \"frameworkVersion\": 6},\n \"cloudFoundry\": {\"base\": \"https://api.example.com:8443/cf\", \"tokenService\": \"http://localhost:8080\", \"credentials\": \"omit\"}}";
    let read = Connections::read(text.as_bytes()).expect("a good file");
    let oracle = read.oracle.as_ref().expect("a system");
    assert_eq!(oracle.address("/crmRestApi/x"), "/fusion/crmRestApi/x");
    assert_eq!(oracle.token_address("/oauth/token"), "/fusion/oauth/token");
    assert_eq!((oracle.methods(), oracle.framework_version), (&[SignInMethod::Basic][..], Some(6)));
    let platform = read.cloud_foundry.as_ref().expect("a system");
    assert_eq!(platform.address("/v3"), "https://api.example.com:8443/cf/v3");
    assert_eq!(platform.token_address("/oauth/token"), "http://localhost:8080/oauth/token");
    assert_eq!((platform.methods().len(), platform.credentials), (3, Some(BrowserCredentials::Omit)));
    assert_eq!((read.logi_sense.as_ref(), read.demo), (None, false));
    let written = serde_json::to_vec(&read).expect("what was read can be written");
    assert_eq!(Connections::read(&written), Ok(read));
}

#[test]
fn whatever_is_wrong_is_told_with_its_place() {
    fault("", "The file is empty");
    fault("\n<!doctype html><title>x</title>", "It is a page, not JSON");
    fault("{}", "names no system");
    fault("{\n\"orcale\": {}}", "Line 2, column 11, at orcale: there is no member of this name");
    fault(
        "{\"oracle\": {\n\"clientSecret\": \"x\"}}",
        "Line 2, column 17, at oracle.clientSecret: a secret must not stand here",
    );
    fault("{\"oracle\": {\"client_secret\": \"x\"}}", "a secret must not stand here");
    fault(
        "{\"oracle\": {\"signIn\": [\"basic\", \"oidc\"]}}",
        "at oracle.signIn[1]: \"oidc\" is none of: token-service, basic, access-token, openid-connect",
    );
    fault(
        "{\"oracle\": {\"signIn\": [\"basic\", \"basic\"]}}",
        "at oracle.signIn[1]: this stands in the list twice",
    );
    fault(
        "{\"oracle\": {\"frameworkVersion\": 10}}",
        "column 33, at oracle.frameworkVersion: a version from 1 to 9 is due here",
    );
    fault(
        "{\"oracle\": {}, \"environment\": {\"name\": \" \"}}",
        "column 40, at environment.name: an environment's name has 1 to 16 letters",
    );
    fault("{\"oracle\": {}, \"environment\": {\"colour\": \"red\"}}", "at environment: \"name\" is due here");
    fault("{\"oracle\": {}, \"environment\": {\"name\": \"seventeen letters\"}}", "1 to 16 letters");
    fault("{\"oracle\": {}, \"environment\": {\"name\": \"a\\nb\"}}", "in one line");
    fault(
        "{\"oracle\": {}, \"environment\": {\"name\": \"T\", \"colour\": \"pink\"}}",
        "at environment.colour: \"pink\" is none of: grey",
    );
    fault("{\"oracle\": {\"signIn\": []}}", "at least one way to sign in");
    fault("{\"oracle\": {\"clientId\": 7}}", "at oracle.clientId: a text in double quotes is due here");
    fault(
        "{\"cloudFoundry\": {\"frameworkVersion\": 4}}",
        "at cloudFoundry.frameworkVersion: there is no member",
    );
    fault("{\"demo\": 1}", "true or false is due here");
    fault("{\"oracle\": {}, \"oracle\": {}}", "at oracle: this member stands here twice");
    let latin = Connections::read(b"{\n\"environment\": \"M\xfcnchen\"}").expect_err("no UTF-8").to_string();
    assert_eq!(latin, "Line 2, column 18: it is not written in UTF-8 from here on.");
}

#[test]
fn a_file_that_is_no_json_is_told_in_plain_words() {
    for (text, expected) in [
        ("{\n \"oracle\": {},\n}", "Line 3, column 1: nothing follows the comma before this"),
        ("{\"oracle\": {\"base\": \"/x\",\n}}", "Line 2, column 1: nothing follows the comma"),
        ("{\"oracle\": {\"signIn\": [\"basic\",]}}", "column 32: nothing follows the comma"),
        ("{\n \"oracle\": {}", "Line 2, column 13: the file ends here, and a } is missing"),
        ("{\"oracle\": {\"signIn\": [", "the file ends here"),
        ("{\"oracle\": {\"signIn\": [\"basic\"", "and a ] is missing"),
        ("{\"oracle\": ", "where a value is due"),
        ("{\"oracle\": {\"base\": \"/x", "its closing \" is missing"),
        (
            "{\"oracle\": {} \"demo\": true}",
            "Line 1, column 15: a comma is due here if another member follows",
        ),
        ("{\"oracle\": {\"signIn\": [\"basic\" \"basic\"]}}", "a comma is due here if another value follows"),
        ("{\"oracle\" {}}", "a colon is due here"),
        ("{oracle: {}}", "Line 1, column 2: a name in double quotes is due here"),
        ("{'oracle': {}}", "a name in double quotes is due here"),
        ("{\"oracle\": {\"base\": '/x'}}", "a value is due here: a text in double quotes"),
        ("{\"demo\": True}", "a value is due here"),
        ("{\"demo\": tru}", "it knows true, false and null"),
        ("{\"oracle\": {}} x", "the file is complete before this"),
        ("{\"oracle\": {}}}", "the } too many before it"),
        ("// systems\n{}", "a value is due here"),
        ("{\"oracle\": {\"base\": \"/a\nb\"}}", "a text holds a line break"),
        ("{\"oracle\": {\"base\": \"\\x\"}}", "a backslash with something behind it"),
        ("{\"limits\": {\"wholeListRows\": 01}}", "a number is written here"),
        ("[]", "an object in { } is due here"),
        ("7", "an object in { } is due here"),
        ("{\"oracle\": []}", "Line 1, column 12, at oracle: an object in { } is due here"),
        ("{\"oracle\": null}", "at oracle: an object in { } is due here"),
        ("{\n \"oracle\": \"/fusion\"}", "Line 2, column 12, at oracle: an object in { } is due here"),
        ("{\"environment\":\n  true}", "Line 2, column 3, at environment: an object in { } is due here"),
        ("{\"limits\": -12.5}", "Line 1, column 12, at limits: an object in { } is due here"),
        ("{\"oracle\": {\"openIdConnect\": \"id\"}}", "column 30, at oracle.openIdConnect: an object in { }"),
        ("\n  \"oracle\"", "Line 2, column 3: an object in { } is due here"),
        ("{\"oracle\": {\"signIn\": \"basic\"}}", "column 23, at oracle.signIn: a list of texts in [ ]"),
    ] {
        fault(text, expected);
        let told = Connections::read(text.as_bytes()).expect_err(text).to_string();
        let jargon = ["`", "EOF", "expected", "parsing", "invalid", "trailing", "map", "ident", "not JSON."];
        assert_eq!(jargon.iter().find(|word| told.contains(**word)), None, "{told}");
    }
}

#[test]
fn the_name_of_an_environment_reads_as_it_is_written() {
    let named = |name: &str| format!("{{\"oracle\": {{}}, \"environment\": {{\"name\": \"{name}\"}}}}");
    for name in ["TEST", "Z\u{fc}rich", "\u{5d1}\u{5d3}\u{5d9}\u{5e7}\u{5d4}", "\u{1f469}\u{200d}\u{1f4bb}"] {
        assert!(Connections::read(named(name).as_bytes()).is_ok(), "{name}");
    }
    for sign in
        ["61c", "200e", "200f", "202a", "202b", "202c", "202d", "202e", "2066", "2067", "2068", "2069"]
    {
        let text = named(&format!("\\u{sign:0>4}DORP"));
        fault(
            &text,
            "at environment.name: it holds a sign that is not seen and turns the writing's direction",
        );
    }
    fault(&named("TEST\u{202e}"), "turns the writing's direction");
    for name in [
        "\u{200b}",
        "\u{3164}",
        "\u{200d}",
        "PR\u{ad}OD",
        "\u{e0050}",
        "TE\u{2028}ST",
        "\u{2060}TEST",
        "T\u{34f}EST",
        "\u{fe00}",
    ] {
        fault(&named(name), "at environment.name: it holds a sign that is not seen, so that");
    }
    for sign in ["0000", "0007", "001b", "007f", "0085", "009f"] {
        fault(
            &named(&format!("a\\u{sign}b")),
            "at environment.name: an environment's name has 1 to 16 letters, in one line",
        );
    }
}

#[test]
fn zone_and_limits_are_read_and_written() {
    let text = "{\"oracle\": {}, \"defaultZone\": \"America/Argentina/Buenos_Aires\", \"limits\": {\"wholeListRows\": 0}}";
    let read = Connections::read(text.as_bytes()).expect("a good file");
    assert_eq!(read.default_zone.as_deref(), Some("America/Argentina/Buenos_Aires"));
    assert_eq!(read.limits, Limits { whole_list_rows: 0, address_bytes: 6_000 });
    let written = serde_json::to_vec(&read).expect("what was read can be written");
    assert_eq!(Connections::read(&written), Ok(read));
    for zone in ["UTC", "Etc/GMT+5", "GMT-0", "America/Port-au-Prince"] {
        let text = format!("{{\"oracle\": {{}}, \"defaultZone\": \"{zone}\"}}");
        assert!(Connections::read(text.as_bytes()).is_ok(), "{zone}");
    }
    for zone in ["", "/", "Europe/", "+02:00", "Europe Berlin", "CET/<b>"] {
        let text = format!("{{\"oracle\": {{}}, \"defaultZone\": \"{zone}\"}}");
        fault(&text, "Line 1, column 31, at defaultZone: the name of a time zone is due here");
    }
    fault("{\"oracle\": {}, \"defaultZone\": 1}", "a text in double quotes is due here");
    for number in ["999", "100001", "6000.0", "-1", "\"6000\"", "1e4", "99999999999999999999999"] {
        let text = format!("{{\"oracle\": {{}},\n\"limits\": {{\"addressBytes\": {number}}}}}");
        fault(
            &text,
            "Line 2, column 28, at limits.addressBytes: a whole number from 1000 to 100000 is due here",
        );
    }
    fault("{\"limits\": {\"wholeListRows\": 5000001}}", "from 0 to 5000000");
    fault("{\"limits\": {\"rows\": 5}}", "at limits.rows: there is no member");
    fault("{\"limits\": 5}", "at limits: an object in { } is due here");
}

#[test]
fn an_address_is_a_path_here_or_an_https_origin() {
    for base in [
        "",
        "/a",
        "/a/b",
        "https://a.example",
        "https://a.example:8443/x",
        "http://localhost:8080",
        "http://127.0.0.1:1/x",
        "https://xn--bcher-kva.example/a%20b",
        "https://10.0.0.1",
    ] {
        let text = format!("{{\"oracle\": {{\"base\": \"{base}\"}}}}");
        assert!(Connections::read(text.as_bytes()).is_ok(), "{base}");
    }
    for (base, expected) in [
        ("/", "must not end with a slash"),
        ("/a/", "must not end with a slash"),
        ("//evil.example", "single slash"),
        ("a", "single slash"),
        ("javascript:alert(1)", "single slash"),
        ("http://a.example", "must begin with https://"),
        ("http://localhost.evil.example", "must begin with https://"),
        ("ftp://a.example", "must begin with https://"),
        ("https:///x", "names no host"),
        ("https://user:word@a.example", "a user or a password"),
        ("https://@a.example", "a user or a password"),
        ("https://*.example.com", "must name one host"),
        ("https://a.example:99999", "a port that is none"),
        ("https://a.example:0", "a port that is none"),
        ("https://a.example:", "a port that is none"),
        ("https://a.example:x", "a port that is none"),
        ("https://a..example", "a host that is none"),
        ("https://a.example.", "a host that is none"),
        ("https://10.0.0.256", "four numbers"),
        ("https://a,b", "other signs than letters"),
        ("https://a%20b.example", "other signs than letters"),
        ("https://\u{fc}ber.example", "a blank or a sign"),
        ("https://my_pod.example.com", "an underscore"),
        ("http://[::1]:8080", "an IPv6 address"),
        ("http://[::1", "a host that is none"),
        (" https://a.example", "a blank or a sign"),
        ("https://a.example ", "a blank or a sign"),
        ("https://a.example/%", "a blank or a sign"),
        ("https://a.example/%2e%2E/b", "as a step"),
        ("https://a.example//b/", "must not end with a slash"),
        ("/a\\u0000b", "a blank or a sign"),
        ("/a\\\"b", "a blank or a sign"),
        ("https://a.example/?x", "before its ? or #"),
        ("https://a.example#x", "before its ? or #"),
        ("/a/../b", "as a step"),
        ("/a b", "a blank"),
        ("/a\\\\b", "a blank or a sign"),
    ] {
        fault(&format!("{{\"oracle\": {{\"base\": \"{base}\"}}}}"), expected);
        fault(&format!("{{\"oracle\": {{\"tokenService\": \"{base}\"}}}}"), expected);
    }
}

#[test]
fn an_address_is_used_as_browsers_write_it() {
    let text = "{\"oracle\": {\"base\": \"https://API.Example.com:443/Fusion\", \"tokenService\": \"\"}}";
    let oracle = Connections::read(text.as_bytes()).expect("a good file").oracle.expect("a system");
    assert_eq!(oracle.address("/v3"), "https://api.example.com/Fusion/v3");
    // An empty one is the page's own origin, where the base is elsewhere.
    assert_eq!(oracle.token_address("/oauth/token"), "/oauth/token");
    // A name of other letters stays in the form that cannot be taken for another one.
    let text = "{\"oracle\": {\"base\": \"https://XN--pple-43d.example\"}}";
    let oracle = Connections::read(text.as_bytes()).expect("a good file").oracle.expect("a system");
    assert_eq!(oracle.address("/v3"), "https://xn--pple-43d.example/v3");
    fault(
        "{\"oracle\": {\"base\": \"https://\u{430}pple.example\"}}",
        "a blank or a sign that no address has",
    );
}

#[test]
fn a_password_in_an_address_is_not_shown() {
    let text = "{\"oracle\": {\"base\": \"https://user:s3cret@a.example\"}}";
    let fault = Connections::read(text.as_bytes()).expect_err("a password").to_string();
    assert!(!fault.contains("s3cret") && fault.contains("a user or a password"), "{fault}");
}

#[test]
fn what_is_shown_to_one_system_is_shown_to_another_only_where_both_are_the_same_server() {
    let at = |base: &str, service: Option<&str>| Connection {
        base: base.to_owned(),
        token_service: service.map(str::to_owned),
        ..Connection::default()
    };
    assert!(at("", None).shares_credentials_with(&at("", None)));
    assert!(!at("", None).shares_credentials_with(&at("/cf", None)));
    assert!(!at("https://a.example", None).shares_credentials_with(&at("https://a.example:1", None)));
    assert!(!at("", None).shares_credentials_with(&at("", Some("/uaa"))));
}

#[test]
fn other_connections_have_another_identity() {
    let own = Connections::at_own_origin();
    let named = |name: &str| {
        let environment = Some(Environment { name: name.to_owned(), colour: Colour::default() });
        Connections { environment, ..own.clone() }
    };
    let mut at = own.clone();
    at.oracle = Some(Connection { base: "/test".to_owned(), ..Connection::default() });
    let mut by = own.clone();
    by.oracle = Some(Connection { token_service: Some("/test".to_owned()), ..Connection::default() });
    let alone = Connections { logi_sense: None, ..own.clone() };
    let identities = [
        own.identity(),
        alone.identity(),
        named("TEST").identity(),
        named("PROD").identity(),
        at.identity(),
        by.identity(),
    ];
    assert_eq!(identities[0], "");
    for (place, one) in identities.iter().enumerate() {
        assert!(!identities[..place].contains(one), "{one}");
    }
}

#[test]
fn a_provider_is_named_letter_by_letter() {
    let read = |text: &str| Connections::read(text.as_bytes()).expect(text).oracle.expect("a system");
    let oracle = read(
        r#"{"oracle": {"openIdConnect": {"issuer": "https://id.example.com/tenant/", "clientId": "desk", "scopes": ["openid", "offline_access"], "resource": "urn:fusion"}}}"#,
    );
    assert_eq!(oracle.methods(), [SignInMethod::OpenIdConnect]);
    let provider = oracle.open_id_connect.as_ref().expect("a provider");
    assert_eq!(provider.issuer, "https://id.example.com/tenant/");
    assert_eq!(provider.discovery(), "https://id.example.com/tenant/.well-known/openid-configuration");
    assert_eq!((provider.host(), provider.resource.as_deref()), ("id.example.com", Some("urn:fusion")));
    let both = read(
        r#"{"oracle": {"signIn": ["basic", "openid-connect"], "openIdConnect": {"issuer": "http://127.0.0.1:9/", "clientId": "d"}}}"#,
    );
    assert_eq!(both.methods(), [SignInMethod::Basic, SignInMethod::OpenIdConnect]);
    assert_eq!(both.open_id_connect.as_ref().map(|provider| provider.scopes.len()), Some(1));
    assert!(!oracle.shares_credentials_with(&Connection { open_id_connect: None, ..oracle.clone() }));

    fault(
        r#"{"oracle": {"signIn": ["openid-connect"]}}"#,
        "column 12, at oracle: \"openid-connect\" needs \"openIdConnect\"",
    );
    let of = |provider: &str| format!(r#"{{"oracle": {{"openIdConnect": {provider}}}}}"#);
    fault(&of("{}"), "\"issuer\" is due here");
    fault(&of(r#"{"issuer": "https://a.example"}"#), "\"clientId\" is due here");
    fault(&of(r#"{"issuer": "/here"}"#), "must begin with https://");
    fault(&of(r#"{"issuer": "http://id.example.com"}"#), "must begin with https://");
    fault(&of(r#"{"issuer": "https://id.example.com//"}"#), "must not end with a slash");
    for (issuer, words) in [
        ("", "must begin with https://"),
        ("id.example.com", "must begin with https://"),
        (" https://id.example.com", "a blank"),
        ("https://id.example.com/ ", "a blank"),
        ("https://id.example.com\\n", "a blank"),
        ("https://id.example.com?tenant=1", "must end before its ?"),
        ("https://id.example.com/?", "must end before its ?"),
        ("https://id.example.com/#x", "must end before its ?"),
        ("https://id.example.com/a/../b", "as a step"),
        ("https://*.example.com", "must name one host"),
        ("https://u:p@id.example.com", "a user or a password"),
        ("http://10.0.0.1", "must begin with https://"),
        (
            "https://id.example.com/.well-known/openid-configuration",
            "leave out /.well-known/openid-configuration at its end",
        ),
        (
            "https://login.microsoftonline.com/{tenantid}/v2.0",
            "those who are let in as \"tenants\" beside it",
        ),
    ] {
        let file = of(&format!(r#"{{"issuer": "{issuer}"}}"#));
        fault(&file, "at oracle.openIdConnect.issuer: the address");
        fault(&file, words);
    }
    fault(
        &of(r#"{"issuer": "https://a.example", "clientId": "d", "scopes": ["profile"]}"#),
        "\"openid\" must be among",
    );
    fault(
        &of(r#"{"issuer": "https://a.example", "clientId": "d", "clientSecret": "x"}"#),
        "a secret must not stand here",
    );
    fault(
        r#"{"logiSense": {"openIdConnect": {"issuer": "https://a.example", "clientId": "d"}}}"#,
        "at logiSense.openIdConnect: there is no member",
    );
}

#[test]
fn what_an_authorization_server_is_told_has_its_forms() {
    let of = |member: &str, value: &str| {
        let client = if member == "clientId" { "" } else { r#""clientId": "d", "# };
        format!(
            r#"{{"oracle": {{"openIdConnect": {{"issuer": "https://a.example", {client}"{member}": {value}}}}}}}"#
        )
    };
    let client = |value: &str| format!(r#"{{"oracle": {{"clientId": {value}}}}}"#);
    for good in [r#""desk""#, r#""Usage Desk""#, r#""api://desk/7f""#, r#""a\\b""#] {
        for text in [of("clientId", good), client(good)] {
            assert!(Connections::read(text.as_bytes()).is_ok(), "{text}");
        }
    }
    for (wrong, words) in [
        (r#""""#, "a client's name is due here"),
        (r#"" desk""#, "must not begin or end with a blank"),
        (r#""desk\t""#, "must not begin or end with a blank"),
        (r#""de\u0000sk""#, "a sign that no server takes"),
        ("\"d\u{e9}sk\"", "a sign that no server takes"),
    ] {
        fault(&of("clientId", wrong), "at oracle.openIdConnect.clientId: ");
        fault(&of("clientId", wrong), words);
        fault(&client(wrong), words);
    }
    for (wrong, words) in [
        (r#"["openid", ""]"#, "at oracle.openIdConnect.scopes[1]: a scope is due here"),
        (r#"["openid profile"]"#, "scopes[0]: a scope holds no blank"),
        (r#"["openid", " profile"]"#, "a scope holds no blank"),
        (r#"["openid", "a\"b"]"#, "a sign that no server takes"),
        (r#"["openid", "a\nb"]"#, "a sign that no server takes"),
        (r#"["openid", "openid"]"#, "scopes[1]: this stands in the list twice"),
        (r#"["openid", 7]"#, "a text in double quotes is due here"),
        (r#""openid""#, "a list of texts in [ ] is due here"),
        ("[]", "\"openid\" must be among"),
    ] {
        fault(&of("scopes", wrong), words);
    }
    for good in [r#""urn:fusion""#, r#""https://api.example.com/""#, r#""api://7f/x?y""#] {
        assert!(Connections::read(of("resource", good).as_bytes()).is_ok(), "{good}");
    }
    for (wrong, words) in [
        (r#""""#, "is a whole URI"),
        (r#""fusion""#, "is a whole URI"),
        (r#""/fusion""#, "is a whole URI"),
        (r#""urn:""#, "is a whole URI"),
        (r#""https://api.example.com#x""#, "must end before its #"),
        (r#""https://api.example.com ""#, "a blank or a sign"),
        (r#"" https://api.example.com""#, "is a whole URI"),
        (r#""urn:a\u0007""#, "a blank or a sign"),
    ] {
        fault(&of("resource", wrong), words);
    }
}

#[test]
fn what_was_made_for_one_provider_is_not_for_another() {
    let identity = |issuer: &str| {
        let text = format!(r#"{{"oracle": {{"openIdConnect": {{"issuer": "{issuer}", "clientId": "d"}}}}}}"#);
        Connections::read(text.as_bytes()).expect("a good file").identity()
    };
    assert_ne!(identity("https://a.example"), identity("https://b.example"));
    assert_ne!(identity("https://a.example"), identity("https://a.example/"));
}

#[test]
fn tenants_are_named_beside_the_address_for_all_of_them() {
    let of = |tenants: &str| {
        format!(
            r#"{{"oracle": {{"openIdConnect": {{"issuer": "https://login.microsoftonline.com/organizations/v2.0", "clientId": "d", "tenants": {tenants}}}}}}}"#
        )
    };
    let text = of(r#"["8f3c0b1e-2f5a-4c0d-9a44-0f2b7d6c5e11", "b_2.x"]"#);
    let read = Connections::read(text.as_bytes()).expect("a good file");
    let provider =
        read.oracle.as_ref().and_then(|oracle| oracle.open_id_connect.as_ref()).expect("a provider");
    assert_eq!(provider.tenants, ["8f3c0b1e-2f5a-4c0d-9a44-0f2b7d6c5e11", "b_2.x"]);
    let written = serde_json::to_vec(&read).expect("what was read can be written");
    assert_eq!(Connections::read(&written), Ok(read));
    for (tenants, words) in [
        ("[]", "at oracle.openIdConnect.tenants: at least one tenant is due here"),
        (r#""8f3c""#, "a list of texts in [ ] is due here"),
        (r#"["8f3c", "8f3c"]"#, "tenants[1]: this stands in the list twice"),
        (r#"[""]"#, "tenants[0]: a tenant\u{2019}s id is due here"),
        (r#"["a/b"]"#, "a tenant\u{2019}s id has letters"),
        (r#"["{tenantid}"]"#, "a tenant\u{2019}s id has letters"),
        (r#"["*"]"#, "a tenant\u{2019}s id has letters"),
        (r#"[" a"]"#, "a tenant\u{2019}s id has letters"),
        (r#"[".."]"#, "a tenant\u{2019}s id has letters"),
    ] {
        fault(&of(tenants), words);
    }
}
