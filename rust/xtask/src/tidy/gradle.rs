//! The two builds of the app: what Gradle says must be what Maven and `cargo xtask apk` do.

use toml::Table;

use super::{Finding, Tree};
use crate::apk;
use crate::resources::MIN_SDK;

const CATALOG: &str = "gradle/libs.versions.toml";
const POM: &str = "android/pom.xml";
const APP: &str = "android/app/build.gradle.kts";
/// What the manifest of a maker's part must not add: permissions and components.
const MORE: &[&str] = &[
    "uses-permission",
    "<activity",
    "<service",
    "<receiver",
    "<provider",
];
/// How Gradle lists what the app is made of, and how the list gets into the APK.
const LISTS: &str = "\"cargo\", \"xtask\", \"sbom\", \"--out\"";
const PACKS: &str = "assets?.addGeneratedSourceDirectory(licences, Licences::assets)";
/// Libraries whose versions both builds name.
const SHARED: &[&str] = &["kotlin", "coroutines", "jna", "junit", "robolectric"];

pub fn same_app(tree: &Tree) -> Vec<Finding> {
    let text = |path: &str| tree.file(path).map(|file| file.text.as_str());
    let (Some(catalog), Some(pom), Some(app)) = (text(CATALOG), text(POM), text(APP)) else {
        return Vec::new();
    };
    let finding = |path: &str, what: String| Finding {
        path: path.to_owned(),
        line: 0,
        what,
    };
    let mut findings = Vec::new();
    for name in SHARED {
        let (ours, theirs) = (version(catalog, name), property(pom, name));
        if ours.is_none() || ours != theirs {
            let what = format!("{name} is {ours:?}, {POM} says {theirs:?}");
            findings.push(finding(CATALOG, what));
        }
    }
    for (name, wanted) in [("minSdk", MIN_SDK), ("targetSdk", apk::TARGET_SDK)] {
        let found = version(catalog, name);
        if found.as_deref() != Some(wanted) {
            let what = format!("{name} is {found:?}, the other build takes {wanted}");
            findings.push(finding(CATALOG, what));
        }
    }
    let rules = apk::KEEP.rsplit('/').next().unwrap_or_default();
    for wanted in [
        format!("applicationId = \"{}\"", apk::PACKAGE),
        format!("proguardFiles(\"{rules}\")"),
        LISTS.to_owned(),
        PACKS.to_owned(),
    ] {
        if !app.contains(&wanted) {
            findings.push(finding(APP, format!("lacks {wanted}")));
        }
    }
    // With a manifest of its own a flavour could ask for more than is documented.
    let manifests = tree.files.iter().filter(|file| {
        file.path.starts_with("android/app/src/") && file.path.ends_with("/AndroidManifest.xml")
    });
    let known = ["android/app/src/main/", "android/app/src/androidTest/"];
    for file in manifests.filter(|file| !known.iter().any(|begin| file.path.starts_with(begin))) {
        let maker = file.path.starts_with("android/app/src/sunmi/");
        if !maker || MORE.iter().any(|more| file.text.contains(more)) {
            findings.push(file.at(0, "only one of the builds sees this manifest"));
        }
    }
    findings
}

fn version(catalog: &str, name: &str) -> Option<String> {
    let table: Table = catalog.parse().ok()?;
    let found = table.get("versions")?.get(name)?;
    found
        .as_str()
        .map(str::to_owned)
        .or_else(|| found.as_integer().map(|n| n.to_string()))
}

fn property(pom: &str, name: &str) -> Option<String> {
    let (_, rest) = pom.split_once(&format!("<{name}.version>"))?;
    rest.split('<').next().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::super::said;
    use super::*;

    const GOOD: [&str; 3] = [
        "[versions]\nkotlin = \"2\"\ncoroutines = \"1\"\njna = \"5\"\njunit = \"4\"\n\
         robolectric = \"3\"\nminSdk = \"24\"\ntargetSdk = \"35\"\n",
        "<kotlin.version>2</kotlin.version><coroutines.version>1<<jna.version>5<<junit.version>4<\
         <robolectric.version>3<",
        "applicationId = \"com.voidproof.app\"\nproguardFiles(\"proguard-rules.pro\")\n\
         commandLine(\"cargo\", \"xtask\", \"sbom\", \"--out\", out.path)\n\
         assets?.addGeneratedSourceDirectory(licences, Licences::assets)",
    ];

    fn findings(from: &str, to: &str) -> usize {
        let texts = GOOD.map(|text| text.replace(from, to));
        let files = [CATALOG, POM, APP]
            .into_iter()
            .zip(texts.iter().map(String::as_str));
        said(same_app, &files.collect::<Vec<_>>()).len()
    }

    #[test]
    fn each_difference_is_found() {
        assert_eq!(findings("x", "x"), 0);
        assert_eq!(findings("jna = \"5\"", "jna = \"6\""), 1);
        assert_eq!(findings("<junit.version>4", "<junit.version>5"), 1);
        assert_eq!(findings("robolectric = \"3\"\n", ""), 1);
        assert_eq!(findings("minSdk = \"24\"", "minSdk = \"21\""), 1);
        assert_eq!(findings("targetSdk = \"35\"", "targetSdk = \"34\""), 1);
        assert_eq!(findings("voidproof.app", "voidproof.live"), 1);
        assert_eq!(findings("proguard-rules.pro", "other.pro"), 1);
        assert_eq!(findings("\"sbom\"", "\"bill\""), 1);
        assert_eq!(findings("assets?.add", "java?.add"), 1);
    }

    #[test]
    fn a_makers_part_asks_for_nothing_more() {
        let found = |manifest: &str| {
            let path = "android/app/src/sunmi/AndroidManifest.xml";
            let files = [
                (CATALOG, GOOD[0]),
                (POM, GOOD[1]),
                (APP, GOOD[2]),
                (path, manifest),
            ];
            said(same_app, &files).len()
        };
        assert_eq!(found("<manifest><queries/></manifest>"), 0);
        assert_eq!(found("<manifest><uses-permission/></manifest>"), 1);
        assert_eq!(found("<manifest><service/></manifest>"), 1);
    }

    #[test]
    fn a_manifest_of_a_flavour_is_found() {
        let files = [
            (CATALOG, GOOD[0]),
            (POM, GOOD[1]),
            (APP, GOOD[2]),
            ("android/app/src/live/AndroidManifest.xml", "<manifest/>"),
        ];
        assert_eq!(said(same_app, &files).len(), 1);
    }
}
