//! The rules as data.

use pos_codes::{Rail, Recognised, Rules, RulesError};

const RULE: &str = r#"
schema = 1
[[rule]]
name = "new"
source = "an acquirer's letter"
digits = [20, 20]
first_two = [77, 79]
take = "alipay"
form = "digits"
"#;

#[test]
fn a_new_prefix_is_a_new_rule() {
    let rules = Rules::parse(RULE).unwrap();
    let Recognised::Payment(code) = rules.recognise("78345678901234567890") else {
        panic!();
    };
    assert_eq!(code.rail(), Rail::Alipay);
    assert!(rules.recognise("80345678901234567890").refusal().is_some());
    assert!(rules.recognise("134650201234567890").refusal().is_some());
}

#[test]
fn the_standard_rules_are_the_file_s() {
    let file = include_str!("../../data/rules.toml");
    let rules = Rules::parse(file).unwrap();
    assert_eq!(format!("{rules:?}"), format!("{:?}", Rules::standard()));
    assert_eq!(
        file.matches("[[rule]]").count(),
        file.matches("source = ").count()
    );
}

#[test]
fn a_rule_file_with_a_mistake_is_refused_with_its_place() {
    let unknown_key = RULE.replace("first_two", "first_three");
    let Err(RulesError::Malformed(text)) = Rules::parse(&unknown_key) else {
        panic!();
    };
    assert!(
        text.contains("line 7") && text.contains("first_three"),
        "{text}"
    );

    let schema = Rules::parse(&RULE.replace("schema = 1", "schema = 2"));
    assert_eq!(schema.unwrap_err(), RulesError::Schema { found: 2 });

    let incomplete = RulesError::Incomplete { name: "new".into() };
    for (from, to) in [
        ("form = \"digits\"", ""),
        ("take = \"alipay\"\nform = \"digits\"", ""),
        ("form = \"digits\"", "form = \"digits\"\nrefuse = \"goods\""),
        ("digits = [20, 20]", ""),
    ] {
        let changed = RULE.replace(from, to);
        assert_eq!(
            Rules::parse(&changed).unwrap_err(),
            incomplete,
            "{from} -> {to}"
        );
    }
    assert!(Rules::parse(&RULE.replace("alipay", "paypal")).is_err());
}
