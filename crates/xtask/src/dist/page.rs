//! The page of the build for use, made from the one that Trunk reads.

use crate::Outcome;

/// What the page loads, and from where.
pub(super) struct Loaded<'a> {
    pub(super) build: &'a str,
    /// The folder of this build, such as `/app-1f0c6a3b9d2e4f58`.
    pub(super) folder: &'a str,
    /// The scripts in it: the glue, and what that imports.
    pub(super) modules: Vec<String>,
}

/// The styles that the page names for Trunk, in order.
pub(super) fn styles(page: &str) -> Vec<&str> {
    trunk_links(page).filter(|line| rel_of(line) == Some("css")).filter_map(href_of).collect()
}

/// The page itself: one style and one module in place of what was Trunk's to build.
pub(super) fn built(page: &str, loaded: &Loaded<'_>) -> Outcome<String> {
    let Loaded { build, folder, modules } = loaded;
    let mut lines = Vec::new();
    let mut has_styles = false;
    for line in page.lines() {
        match line.contains("data-trunk").then(|| rel_of(line)).flatten() {
            None => lines.push(line.to_owned()),
            Some("rust") => {
                lines.extend([
                    format!("    <meta name=\"usage-desk-build\" content=\"{build}\" />"),
                    format!("    <link rel=\"preload\" href=\"{folder}/usage-desk_bg.wasm\" as=\"fetch\" type=\"application/wasm\" crossorigin />"),
                ]);
                let preload =
                    |module| format!("    <link rel=\"modulepreload\" href=\"{folder}/{module}\" />");
                lines.extend(modules.iter().map(preload));
                lines.push(format!(
                    "    <script type=\"module\">import start from \"{folder}/usage-desk.js\"; \
                     start({{ module_or_path: \"{folder}/usage-desk_bg.wasm\" }});</script>"
                ));
            }
            Some("css") if has_styles => {}
            Some("css") => {
                has_styles = true;
                lines.push(format!("    <link rel=\"stylesheet\" href=\"{folder}/style.css\" />"));
            }
            Some("icon") => lines.push(format!("    <link rel=\"icon\" href=\"{folder}/icon.svg\" />")),
            // It stands beside the page, under its own name.
            Some("copy-file") => {}
            Some(other) => return Err(format!("index.html: `cargo xtask dist` knows no rel=\"{other}\"")),
        }
    }
    Ok(lines.join("\n") + "\n")
}

fn trunk_links(page: &str) -> impl Iterator<Item = &str> {
    page.lines().filter(|line| line.contains("data-trunk"))
}

fn rel_of(line: &str) -> Option<&str> {
    attribute(line, "rel")
}

fn href_of(line: &str) -> Option<&str> {
    attribute(line, "href")
}

fn attribute<'l>(line: &'l str, name: &str) -> Option<&'l str> {
    let (_, rest) = line.split_once(&format!(" {name}=\""))?;
    rest.split_once('"').map(|(value, _)| value)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = r#"<head>
    <link data-trunk rel="rust" data-bin="usage-desk" />
    <link data-trunk rel="icon" href="style/icon.svg" />
    <link data-trunk rel="css" href="style/tokens.css" />
    <link data-trunk rel="css" href="style/base.css" />
</head>
"#;

    #[test]
    fn what_trunk_would_build_is_loaded_from_the_folder_of_the_build() {
        assert_eq!(styles(PAGE), ["style/tokens.css", "style/base.css"]);
        let modules = vec!["usage-desk.js".to_owned(), "snippets/a/journal.js".to_owned()];
        let loaded = Loaded { build: "0f", folder: "/app-0f", modules };
        let page = built(PAGE, &loaded).unwrap();
        assert!(!page.contains("data-trunk"), "{page}");
        assert_eq!(page.matches("/app-0f/style.css").count(), 1, "{page}");
        assert!(page.contains("import start from \"/app-0f/usage-desk.js\""), "{page}");
        assert!(page.contains("content=\"0f\""), "{page}");
        let preload = "<link rel=\"modulepreload\" href=\"/app-0f/snippets/a/journal.js\" />";
        assert!(page.contains(preload), "{page}");
        let odd = PAGE.replace("rel=\"icon\"", "rel=\"sass\"");
        assert!(built(&odd, &loaded).is_err());
    }
}
