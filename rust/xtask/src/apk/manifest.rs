//! The compiled XML of an APK, as `aapt2 dump xmltree` prints it.

/// One element, with what stands in it.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Element {
    pub name: String,
    depth: usize,
    attributes: Vec<(String, String)>,
}

impl Element {
    /// An attribute's value, by its name without namespace.
    pub fn get(&self, name: &str) -> Option<&str> {
        let found = self.attributes.iter().find(|(n, _)| n == name);
        found.map(|(_, value)| value.as_str())
    }
}

/// All elements in their order.
pub fn parse(text: &str) -> Vec<Element> {
    let mut elements: Vec<Element> = Vec::new();
    for line in text.lines() {
        let depth = line.chars().take_while(|c| *c == ' ').count();
        let line = line.trim();
        if let Some(rest) = line.strip_prefix("E: ") {
            elements.push(Element {
                name: rest.split(' ').next().unwrap_or_default().to_owned(),
                depth,
                attributes: Vec::new(),
            });
        } else if let Some(rest) = line.strip_prefix("A: ")
            && let (Some(element), Some(attribute)) = (elements.last_mut(), attribute(rest))
        {
            element.attributes.push(attribute);
        }
    }
    elements
}

/// `NAMESPACE:NAME(0xID)=VALUE`, where texts are quoted and followed by themselves.
fn attribute(text: &str) -> Option<(String, String)> {
    let (name, value) = text.split_once('=')?;
    let name = name.rsplit([':', '/']).next()?;
    let name = name.split('(').next()?;
    let value = match value.strip_prefix('"') {
        Some(quoted) => quoted.split('"').next()?,
        None => value.split(' ').next()?,
    };
    Some((name.to_owned(), value.to_owned()))
}

/// Names of the elements called `kind`.
pub fn named(elements: &[Element], kind: &str) -> Vec<String> {
    let mut names: Vec<String> = elements
        .iter()
        .filter(|element| element.name == kind)
        .filter_map(|element| element.get("name").map(str::to_owned))
        .collect();
    names.sort();
    names
}

/// The number of an attribute that is a set of bits.
pub fn flags(value: &str) -> Option<u32> {
    match value.strip_prefix("0x") {
        Some(digits) => u32::from_str_radix(digits, 16).ok(),
        None => value.parse().ok(),
    }
}

/// Components that other apps can reach: `exported`, or with a filter and silent about it.
pub fn exported(elements: &[Element]) -> Vec<String> {
    const KINDS: &[&str] = &[
        "activity",
        "activity-alias",
        "service",
        "receiver",
        "provider",
    ];
    let package = elements.first().and_then(|root| root.get("package"));
    let mut names = Vec::new();
    for (at, element) in elements.iter().enumerate() {
        if !KINDS.contains(&element.name.as_str()) {
            continue;
        }
        let inside = elements
            .iter()
            .skip(at + 1)
            .take_while(|inner| inner.depth > element.depth);
        let open = match element.get("exported") {
            Some(value) => value == "true",
            None => inside
                .into_iter()
                .any(|inner| inner.name == "intent-filter"),
        };
        if open {
            let name = element.get("name").unwrap_or("?");
            // A name that begins with a dot stands in the app's own package.
            let lead = if name.starts_with('.') { package } else { None };
            names.push(format!("{}{name}", lead.unwrap_or_default()));
        }
    }
    names.sort();
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    const TREE: &str = r#"N: android=http://schemas.android.com/apk/res/android (line=2)
  E: manifest (line=2)
    A: @versionCode(0x0101021b)=1000
    A: package="com.voidproof.app" (Raw: "com.voidproof.app")
      E: uses-permission (line=4)
        A: @name(0x01010003)="p.INTERNET" (Raw: "p.INTERNET")
      E: application (line=8)
          E: activity (line=9)
            A: @name(0x01010003)=".Main" (Raw: ".Main")
            A: @exported(0x01010010)=true
          E: receiver (line=10)
            A: @name(0x01010003)="a.Quiet" (Raw: "a.Quiet")
            A: @exported(0x01010010)=false
              E: intent-filter (line=11)
          E: service (line=12)
            A: @name(0x01010003)="a.Silent" (Raw: "a.Silent")
              E: intent-filter (line=13)
          E: service (line=14)
            A: @name(0x01010003)="a.Inner" (Raw: "a.Inner")
"#;

    fn tree() -> Vec<Element> {
        parse(&TREE.replace('@', "http://schemas.android.com/apk/res/android:"))
    }

    #[test]
    fn attributes_are_found_by_name() {
        let elements = tree();
        let manifest = elements.first().unwrap();
        assert_eq!(manifest.get("versionCode"), Some("1000"));
        assert_eq!(manifest.get("package"), Some("com.voidproof.app"));
        assert_eq!(manifest.get("name"), None, "that of a child");
        assert_eq!(named(&elements, "uses-permission"), ["p.INTERNET"]);
    }

    #[test]
    fn sets_of_bits_are_read_in_either_writing() {
        assert_eq!(flags("0x40000001"), Some(0x4000_0001));
        assert_eq!(flags("16"), Some(16));
        assert_eq!(flags("dataSync"), None);
    }

    #[test]
    fn a_filter_opens_a_component_that_does_not_say_no() {
        assert_eq!(exported(&tree()), ["a.Silent", "com.voidproof.app.Main"]);
    }
}
