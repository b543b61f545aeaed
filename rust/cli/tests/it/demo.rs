//! `demo`.

use crate::support::{keys, run_with};

#[test]
fn the_story_ends_with_both_ledgers_equal() {
    let done = run_with("LANG", "zh_CN.UTF-8", &["--json", "demo"]);
    assert_eq!(done.code, 0, "{}{}", done.stdout, done.stderr);
    let object = done.object();
    assert_eq!(keys(&object), ["equal", "terminal", "host", "violations"]);
    assert_eq!(object["equal"], true);
    for side in ["terminal", "host"] {
        let lines = object[side].as_array().unwrap();
        let of = |rail: &str| lines.iter().filter(|line| line["rail"] == rail).count();
        assert_eq!((of("unionpay"), of("wechat"), of("alipay")), (3, 1, 1));
        assert!(lines.iter().all(|line| line["net"] == 0));
    }
    // The story itself is told beside the object.
    for scene in [
        "第一幕",
        "queued",
        "kill -9",
        "sending",
        "第二幕",
        "unknown",
        "第三幕",
        "两边完全一致",
    ] {
        assert!(done.stderr.contains(scene), "{scene}: {}", done.stderr);
    }
    for secret in ["6222020000000000018", "130000000000000000"] {
        assert!(!done.stderr.contains(secret));
    }
}
