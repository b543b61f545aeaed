//! `explain`.

use crate::support::{keys, run};

#[test]
fn all_three_forms_of_codes_are_explained() {
    for (code, rail) in [
        ("51", Some("unionpay")),
        ("ZZ", Some("unionpay")),
        ("local.GATE_BLOCKED", None),
        ("net.MAC_WRONG", None),
    ] {
        let done = run(&["--json", "explain", code]);
        let object = done.object();
        assert_eq!(done.code, 0);
        assert_eq!(
            keys(&object),
            [
                "code",
                "rail",
                "cause",
                "title",
                "next_step",
                "who_fixes",
                "goods",
                "retry",
                "reference"
            ]
        );
        assert_eq!(
            (object["code"].as_str(), object["rail"].as_str()),
            (Some(code), rail)
        );
        assert!(!object["next_step"].as_str().unwrap().is_empty());
    }
}

#[test]
fn rail_and_language_are_taken() {
    let object = run(&["--json", "explain", "USERPAYING", "--rail", "wechat"]).object();
    assert_eq!(object["rail"], "wechat");
    let title = |lang: &str| {
        let object = run(&["--json", "explain", "51", "--lang", lang]).object();
        object["title"].as_str().unwrap().to_owned()
    };
    assert!(title("en").is_ascii() && !title("zh").is_ascii());
    assert!(
        run(&["explain", "51", "--lang", "zh"])
            .stdout
            .contains("现在怎么做")
    );
}

#[test]
fn a_name_that_does_not_exist_is_wrong_usage() {
    for code in ["local.NONSENSE", "net.", "余额", ""] {
        let done = run(&["--json", "explain", code]);
        let (kind, place, _) = done.error();
        assert_eq!(
            (done.code, kind.as_str(), place.as_str()),
            (2, "usage", "CODE"),
            "{code}"
        );
    }
}
