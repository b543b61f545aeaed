//! Cutting the signed node out.

use pos_channels::alipay::split_nodes;
use proptest::prelude::*;

#[test]
fn values_are_cut_byte_for_byte() {
    let text = r#"{"response_type":{"key1":{"key2": {"key3": ""}}}}"#;
    let node = r#"{"key1":{"key2": {"key3": ""}}}"#;
    assert_eq!(split_nodes(text), Ok(vec![("response_type", node)]));

    let text = concat!(
        r#" { "a" : {"x":"}\"{\\","y":[1,{"z":"]"}]} , "sign":"q\/w==","#,
        r#" "n": 1.50,"t":true, "e":"密文" } "#,
    );
    let own = vec![
        ("a", r#"{"x":"}\"{\\","y":[1,{"z":"]"}]}"#),
        ("sign", r#""q\/w==""#),
        ("n", "1.50"),
        ("t", "true"),
        ("e", "\"密文\""),
    ];
    assert_eq!(split_nodes(text), Ok(own));
    assert_eq!(split_nodes("{}"), Ok(vec![]));
}

#[test]
fn what_a_lenient_reader_could_misread_is_refused() {
    for text in [
        r#"{"a":{"code":"40004"},"a":{"code":"10000"}}"#,
        r#"{"\u0061":1}"#,
        r#"{"a":{"b":1}"#,
        r#"{"a":{"b":1}}}"#,
        r#"{"a":{"b":"1}}"#,
        r#"{"a":"\"#,
        r#"{"a":1}{"a":1}"#,
        r#"{"a"}"#,
        r#"{"a":}"#,
        r#"{"a":1,}"#,
        r#"{a:1}"#,
        r#"[{"a":1}]"#,
        "<html></html>",
        "",
    ] {
        let error = split_nodes(text).unwrap_err();
        assert!(error.at <= text.len(), "{text}: {error}");
    }
}

proptest! {
    #[test]
    fn no_text_panics(text in "[{}\\[\\]\",:\\\\ aé]{0,40}") {
        let _ = split_nodes(&text);
        let _ = split_nodes(&format!("{{\"a\":{text}}}"));
        let _ = split_nodes(&format!("{{{text}}}"));
    }

    #[test]
    fn any_text_inside_a_node_stays_inside(inside in "\\PC{0,40}") {
        let node = format!("{{\"x\":{}}}", serde_json::Value::from(inside));
        let text = format!("{{\"sign\":\"s\",\"node\":{node},\"z\":[]}}");
        prop_assert_eq!(split_nodes(&text).unwrap()[1], ("node", node.as_str()));
    }
}
