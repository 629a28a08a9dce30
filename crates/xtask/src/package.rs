//! `cargo xtask package`: the app as it is put into use with its connections.json, and what nginx, Caddy or Apache is to
//! be told, in one archive. The policy follows from the connections, and from what the providers that sign people in
//! say of themselves.

mod backend;
#[cfg(test)]
#[cfg(unix)]
mod recipe;
mod route;
mod snippets;

use crate::Outcome;
use crate::dist::{self, files_in, remove, told, write};
use crate::options::PackageOptions;
use crate::processes::Processes;
use crate::workspace::Workspace;
pub(crate) use backend::Backend;
use connections::Connections;
use connections::Origin;
use connections::page_headers::{content_security_policy, inline_scripts};
use route::{OneSignIn, Route};
pub(crate) use snippets::Address;
use snippets::Site;
use std::fs;
use std::path::Path;
use std::process::Command;

const CONNECTIONS: &str = "connections.json";
const PROVIDER: &str = "crates/xtask/src/package/provider.mjs";

pub(crate) fn run(workspace: &Workspace, processes: &mut Processes, options: &PackageOptions) -> Outcome {
    // What is wrong with it is said before minutes of building.
    let file = told(&options.connections, fs::read(&options.connections))?;
    let connections = read_connections(&options.connections, &file)?;
    let routes = route::routes(&connections)?;
    let backends = backends(&routes, &options.backends)?;
    has_one_server_for_one_sign_in(&connections, &backends)?;
    let endpoints = endpoints(workspace, &connections)?;
    if !options.takes_dist_as_it_is {
        dist::run(workspace, processes)?;
    }
    let Built { build, policy } = built(workspace, &connections, &endpoints)?;
    let (address, root) = (options.address.clone(), options.root.clone());
    let site = Site { build, policy, address, root, routes, backends };
    let name = format!("usage-desk-{}", site.build);
    let folder = workspace.target_dir().join("package");
    let packed = folder.join(&name);
    remove(&packed)?;
    lay_out(workspace, &packed, &file, &site)?;
    let archive = folder.join(format!("{name}.tar.gz"));
    processes.run_well(&mut packing(workspace, &folder, &name, &archive)?)?;
    println!("{} holds site (for {}), nginx.conf, Caddyfile and apache.conf", archive.display(), site.root);
    // A browser that gets the new page with the old policy keeps both: asked again, the page is the same.
    println!("Put the web server's file in place and reload it, then unpack site.");
    println!("Content-Security-Policy: {}", site.policy);
    for backend in &site.backends {
        println!("{} is at {}", backend.name, backend.addresses().collect::<Vec<_>>().join(" and "));
    }
    Ok(())
}

fn read_connections(path: &Path, file: &[u8]) -> Outcome<Connections> {
    Connections::read(file).map_err(|fault| format!("{}: {fault}", path.display()))
}

/// The addresses that the providers which sign people in name as their own.
fn endpoints(workspace: &Workspace, connections: &Connections) -> Outcome<Vec<String>> {
    let mut issuers: Vec<&str> = connections.issuers().collect();
    issuers.dedup();
    if issuers.is_empty() {
        return Ok(Vec::new());
    }
    let mut ask = workspace.command("node");
    let told = ask.arg(workspace.path(PROVIDER)).args(&issuers).output();
    let told = told.map_err(|reason| format!("Node is needed to ask the providers: {reason}"))?;
    if !told.status.success() {
        let reason = String::from_utf8_lossy(&told.stderr);
        return Err(format!("what a provider says of itself cannot be read: {}", reason.trim()));
    }
    Ok(String::from_utf8_lossy(&told.stdout).lines().map(str::to_owned).collect())
}

/// What is in `dist`.
struct Built {
    build: String,
    /// Which lets its page run and ask.
    policy: String,
}

fn built(workspace: &Workspace, connections: &Connections, endpoints: &[String]) -> Outcome<Built> {
    let page = workspace.read("dist/index.html")?;
    let manifest: serde_json::Value = serde_json::from_str(&workspace.read("dist/parts.json")?)
        .map_err(|reason| format!("dist/parts.json: {reason}"))?;
    let build = manifest["build"].as_str().ok_or("dist/parts.json names no build: run `cargo xtask dist`")?;
    let scripts: Vec<&str> = inline_scripts(&page).collect();
    let policy = content_security_policy(connections, endpoints, &hashes(workspace, &scripts)?);
    Ok(Built { build: build.to_owned(), policy })
}

/// Those that the routes lead to, in their order: each has to be given, and no other.
fn backends(routes: &[Route], given: &[Backend]) -> Outcome<Vec<Backend>> {
    let mut names: Vec<&str> = Vec::new();
    for route in routes {
        if !names.contains(&route.backend.as_str()) {
            names.push(&route.backend);
        }
    }
    let is_second =
        |(place, one): &(usize, &Backend)| given[..*place].iter().any(|before| before.name == one.name);
    if let Some((_, twice)) = given.iter().enumerate().find(is_second) {
        return Err(format!(
            "--backend {} stands there twice; several addresses of one system go into one, with commas between them",
            twice.name
        ));
    }
    if let Some(odd) = given.iter().find(|one| !names.contains(&one.name.as_str())) {
        return Err(format!(
            "--backend {}: connections.json leads to none of that name; there are {}",
            odd.name,
            if names.is_empty() { "none".to_owned() } else { names.join(", ") }
        ));
    }
    let of = |name: &&str| given.iter().find(|one| one.name == **name);
    let missing: Vec<String> = names
        .iter()
        .filter(|name| of(name).is_none())
        .map(|name| format!("--backend {name}=ADDRESS"))
        .collect();
    if missing.is_empty() {
        Ok(names.iter().filter_map(of).cloned().collect())
    } else {
        Err(format!(
            "connections.json has the page reach systems through the web server, and where they are is not said: add {}",
            missing.join(" and ")
        ))
    }
}

/// The page takes systems at one address for one server, and shows each what a person shows the other.
fn has_one_server_for_one_sign_in(connections: &Connections, backends: &[Backend]) -> Outcome {
    let of = |name: &str| backends.iter().find(|one| one.name == name);
    let servers = |backend: &Backend| {
        let mut servers: Vec<String> = backend.usual_addresses().collect();
        servers.sort();
        servers
    };
    for OneSignIn { first, second, member } in route::one_sign_ins(connections) {
        let (Some(one), Some(other)) = (of(first), of(second)) else { continue };
        let (one, other) = (servers(one), servers(other));
        if one != other {
            return Err(format!(
                "{first} and {second} share one sign-in, for connections.json has both at one address, but they are two \
                 servers: {first} is at {}, {second} at {}. What people show one, the other would be shown too. Give \
                 {second} a base of its own in connections.json: \"{member}\": {{ \"base\": \"/{}\" }}",
                one.join(" and "),
                other.join(" and "),
                second.replace('_', "-"),
            ));
        }
    }
    Ok(())
}

/// The SHA-256 of each script, in base64.
fn hashes(workspace: &Workspace, scripts: &[&str]) -> Outcome<Vec<String>> {
    let folder = workspace.target_dir().join("package/scripts");
    remove(&folder)?;
    told(&folder, fs::create_dir_all(&folder))?;
    let names: Vec<String> = (0..scripts.len()).map(|number| format!("{number}.js")).collect();
    for (name, script) in names.iter().zip(scripts) {
        write(&folder.join(name), script)?;
    }
    if names.is_empty() {
        return Ok(Vec::new());
    }
    let said = dist::packer(workspace, "hash", &folder, &names)?;
    remove(&folder)?;
    Ok(said.lines().map(str::to_owned).collect())
}

/// The folder that is packed: the site, and a file for each web server.
fn lay_out(workspace: &Workspace, packed: &Path, connections: &[u8], site: &Site) -> Outcome {
    let dist = workspace.path("dist");
    for file in files_in(&dist)? {
        let to = packed.join("site").join(&file);
        told(&to, to.parent().map_or(Ok(()), fs::create_dir_all))?;
        // Written anew, the page has another date, and so another entity tag: a browser that has it under the policy
        // of other connections takes it once more.
        let bytes = told(&dist.join(&file), fs::read(dist.join(&file)))?;
        write(&to, bytes)?;
    }
    write(&packed.join("site").join(CONNECTIONS), connections)?;
    write(&packed.join("nginx.conf"), site.nginx())?;
    write(&packed.join("Caddyfile"), site.caddy())?;
    write(&packed.join("apache.conf"), site.apache())
}

/// One archive, in which what the page leads to stands before the page: unpacked over the build before, it is whole at
/// every moment, and tabs that are open still find their parts. Any account of the web server's may read them.
fn packing(workspace: &Workspace, folder: &Path, name: &str, archive: &Path) -> Outcome<Command> {
    let mut files = files_in(&folder.join(name))?;
    files.sort_by_key(|file| (file.starts_with("site/index.html"), file.starts_with("site/parts.json")));
    let mut tar = workspace.command("tar");
    tar.args(["--owner=0", "--group=0", "--mode=u=rw,go=r", "-czf"]).arg(archive).arg("-C").arg(folder);
    tar.args(files.iter().map(|file| format!("{name}/{file}")));
    Ok(tar)
}

/// Reads `https://desk.example.com`.
pub(crate) fn address(text: &str) -> Outcome<Address> {
    // Over http a browser gives the page neither its locks nor its service worker nor WebCrypto, either.
    let Origin { is_tls, host, port } = Origin::read(text).map_err(|fault| {
        format!("--address {text}: it {fault}; an address such as https://desk.example.com is due")
    })?;
    Ok(Address { is_tls, host, port })
}

/// A folder as a configuration can name it.
pub(crate) fn root(text: &str) -> Outcome<String> {
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || "/-._".contains(letter);
    if text.starts_with('/') && text.chars().all(is_plain) {
        Ok(text.trim_end_matches('/').to_owned())
    } else {
        Err(format!("--root {text}: a path from / on is due, of letters, digits, dots, dashes and slashes"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{Read as _, Write as _};

    /// A provider that describes itself so to whoever asks.
    fn provider(described: impl Fn(&str) -> String) -> String {
        let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let issuer = format!("http://{}", listener.local_addr().unwrap());
        let body = described(&issuer);
        std::thread::spawn(move || {
            for mut stream in listener.incoming().flatten() {
                let mut asked = [0; 2048];
                let length = stream.read(&mut asked).unwrap_or(0);
                let is_known = asked[..length].starts_with(b"GET /.well-known/openid-configuration ");
                let status = if is_known { "200 OK" } else { "404 Not Found" };
                let head = format!(
                    "HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
                    body.len()
                );
                let _ = stream.write_all(format!("{head}{body}").as_bytes());
            }
        });
        issuer
    }

    fn asked(issuer: &str) -> Outcome<Vec<String>> {
        let one = format!("{{\"openIdConnect\": {{\"issuer\": \"{issuer}\", \"clientId\": \"desk\"}}}}");
        let file = format!("{{\"oracle\": {one}, \"cloudFoundry\": {one}}}");
        endpoints(&Workspace::find().unwrap(), &Connections::read(file.as_bytes()).unwrap())
    }

    #[test]
    fn a_provider_says_where_else_it_is() {
        let good = provider(|issuer| {
            format!(
                "{{\"issuer\": \"{issuer}\", \"authorization_endpoint\": \"{issuer}/auth\", \"token_endpoint\": \"https://tokens.example.com/token\"}}"
            )
        });
        assert_eq!(
            asked(&good),
            Ok(vec![format!("{good}/auth"), "https://tokens.example.com/token".to_owned()])
        );
        let other = provider(|_| "{\"issuer\": \"https://other.example.com\"}".to_owned());
        let refused = asked(&other).unwrap_err();
        assert!(refused.contains("calls itself https://other.example.com"), "{refused}");
        let none = asked(&format!("{good}/elsewhere")).unwrap_err();
        assert!(none.contains("answers 404"), "{none}");
        let page = asked(&provider(|_| "<!doctype html>".to_owned())).unwrap_err();
        assert!(page.contains("answers with something else than JSON"), "{page}");
        let file = Connections::read(b"{\"oracle\": {}}").unwrap();
        assert_eq!(endpoints(&Workspace::find().unwrap(), &file), Ok(Vec::new()));
    }

    #[test]
    fn why_a_provider_is_not_reached_is_said() {
        let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let nobody = listener.local_addr().unwrap();
        drop(listener);
        let refused = asked(&format!("http://{nobody}")).unwrap_err();
        let words = format!(
            "{nobody} is not reached from this machine, which has to reach it: the connection is refused"
        );
        assert!(refused.contains(&words) && refused.contains("ECONNREFUSED"), "{refused}");
        // The name is nobody's (RFC 6761, 6.4).
        let unknown = asked("https://id.invalid").unwrap_err();
        assert!(
            unknown.contains("id.invalid is not reached") && unknown.contains("its name is not found"),
            "{unknown}"
        );
        let plain = provider(|_| String::new()).replace("http:", "https:");
        let plain = asked(&plain.replace("127.0.0.1", "localhost")).unwrap_err();
        assert!(plain.contains("is not reached") && !plain.contains("fetch failed"), "{plain}");
    }

    #[test]
    fn each_system_behind_the_web_server_has_to_be_given() {
        let file = Connections::read(b"{\"oracle\": {}, \"cloudFoundry\": {\"base\": \"/cf\"}}").unwrap();
        let routes = route::routes(&file).unwrap();
        let of = |name: &str| Backend::read(name, "https://a.example.com").unwrap();
        let names = |given: &[Backend]| {
            backends(&routes, given).map(|all| all.into_iter().map(|one| one.name).collect::<Vec<_>>())
        };
        let missing = names(&[of("cloud_foundry")]).unwrap_err();
        assert!(missing.ends_with("add --backend oracle=ADDRESS"), "{missing}");
        let odd = names(&[of("oracle"), of("logisense")]).unwrap_err();
        assert!(odd.contains("--backend logisense") && odd.ends_with("oracle, cloud_foundry"), "{odd}");
        let twice = names(&[of("oracle"), of("cloud_foundry"), of("oracle")]).unwrap_err();
        assert!(twice.starts_with("--backend oracle stands there twice"), "{twice}");
        assert_eq!(
            names(&[of("cloud_foundry"), of("oracle")]),
            Ok(vec!["oracle".to_owned(), "cloud_foundry".to_owned()])
        );
    }

    #[test]
    fn systems_that_share_a_sign_in_are_one_server() {
        let checked = |file: &str, given: &[(&str, &str)]| {
            let given: Vec<Backend> =
                given.iter().map(|(name, addresses)| Backend::read(name, addresses).unwrap()).collect();
            has_one_server_for_one_sign_in(&Connections::read(file.as_bytes()).unwrap(), &given)
        };
        let (pod, cf) = ("https://pod.example.com", "https://cf.example.com");
        let shared = "{\"oracle\": {}, \"cloudFoundry\": {}}";
        let refused = checked(shared, &[("oracle", pod), ("cloud_foundry", cf)]).unwrap_err();
        for words in [
            "oracle and cloud_foundry share one sign-in",
            "oracle is at https://pod.example.com, cloud_foundry at https://cf.example.com",
            "\"cloudFoundry\": { \"base\": \"/cloud-foundry\" }",
        ] {
            assert!(refused.contains(words), "{words}: {refused}");
        }
        let another_port = format!("{pod}:8443");
        assert!(checked(shared, &[("oracle", pod), ("cloud_foundry", &another_port)]).is_err());
        // The same servers, however they are written.
        let (two, same_two) = (format!("{pod},{another_port}"), format!("{another_port},{pod}:443"));
        assert_eq!(checked(shared, &[("oracle", &two), ("cloud_foundry", &same_two)]), Ok(()));
        // As the sentence has it.
        let apart = "{\"oracle\": {}, \"cloudFoundry\": {\"base\": \"/cloud-foundry\"}}";
        assert_eq!(checked(apart, &[("oracle", pod), ("cloud_foundry", cf)]), Ok(()));
    }

    #[cfg(unix)]
    #[test]
    fn what_is_packed_can_be_read_by_every_account() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = std::env::temp_dir().join(format!("usage-desk-packing-{}", std::process::id()));
        remove(&folder).unwrap();
        for file in ["one/site/index.html", "one/site/app-0/part.wasm", "one/nginx.conf"] {
            write_into(&folder, file);
            fs::set_permissions(folder.join(file), fs::Permissions::from_mode(0o600)).unwrap();
        }
        let archive = folder.join("one.tar.gz");
        let packed =
            packing(&Workspace::find().unwrap(), &folder, "one", &archive).unwrap().status().unwrap();
        assert!(packed.success());
        let listed = Command::new("tar").arg("-tvzf").arg(&archive).output().unwrap();
        let listed = String::from_utf8(listed.stdout).unwrap();
        remove(&folder).unwrap();
        assert_eq!(listed.lines().count(), 3, "{listed}");
        assert!(listed.lines().all(|line| line.starts_with("-rw-r--r-- ")), "{listed}");
        assert!(listed.trim_end().ends_with("one/site/index.html"), "the page is the last one: {listed}");
    }

    #[cfg(unix)]
    fn write_into(folder: &Path, file: &str) {
        let path = folder.join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, file).unwrap();
    }

    #[test]
    fn an_address_is_an_origin_and_a_folder_is_plain() {
        let at = |is_tls, host: &str, port| Address { is_tls, host: host.to_owned(), port };
        assert_eq!(address("https://desk.example.com"), Ok(at(true, "desk.example.com", 443)));
        for here in ["localhost", "127.0.0.1", "[::1]"] {
            assert_eq!(address(&format!("http://{here}:8080")), Ok(at(false, here, 8080)));
        }
        for open in ["http://desk.example.com", "http://10.0.0.1:8080"] {
            let refused = address(open).unwrap_err();
            assert!(refused.contains("must begin with https://"), "{refused}");
        }
        for wrong in
            ["desk.example.com", "https://desk.example.com/x", "ftp://desk.example.com", "https://a b"]
        {
            assert!(address(wrong).is_err(), "{wrong}");
        }
        assert_eq!(root("/srv/usage-desk/"), Ok("/srv/usage-desk".to_owned()));
        for wrong in ["srv", "/srv;x", "/srv \"x", "/srv/{x}"] {
            assert!(root(wrong).is_err(), "{wrong}");
        }
    }
}
