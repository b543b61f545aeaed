//! The command line itself.

use crate::support::{run, run_with};

#[test]
fn help_lists_the_commands_that_exist_and_no_others() {
    let help = run(&["--help"]);
    assert_eq!(help.code, 0);
    for command in ["init --profile", "explain CODE", "decode", "encode"] {
        assert!(help.stdout.contains(&format!("\n  {command}")), "{command}");
    }
    assert!(!help.stdout.contains("  pay "));
    let own = run(&["decode", "--help"]);
    assert_eq!(
        (own.code, own.stdout.starts_with("voidproof decode")),
        (0, true)
    );
    let version = run(&["--version"]).stdout;
    assert_eq!(
        version,
        format!("voidproof {}\n", env!("CARGO_PKG_VERSION"))
    );
}

#[test]
fn wrong_usage_is_exit_2_with_kind_and_place() {
    for (arguments, place) in [
        (&["--json"][..], "command"),
        (&["--json", "pay"], "command"),
        (&["--json", "--nonsense"], "--nonsense"),
        (&["--json", "--home"], "--home"),
        (&["--json", "--json=yes"], "--json"),
        (
            &["--json", "--operator", "abc", "explain", "51"],
            "--operator",
        ),
        (&["--json", "-x"], "-x"),
        (&["--json", "explain"], "CODE"),
        (&["--json", "explain", "51", "52"], "arguments"),
        (&["--json", "explain", "51", "--nonsense"], "--nonsense"),
        (&["--json", "explain", "51", "--lang"], "--lang"),
        (&["explain", "51", "--json"], "--json"),
        (&["--json", "init"], "--profile"),
    ] {
        let done = run(arguments);
        let (kind, found, detail) = done.error();
        assert_eq!((done.code, kind.as_str()), (2, "usage"), "{arguments:?}");
        assert_eq!(found, place, "{arguments:?}: {detail}");
        assert!(done.stderr.is_empty());
    }
}

#[test]
fn without_json_an_error_is_words_on_stderr() {
    let done = run(&["pay"]);
    assert_eq!((done.code, done.stdout.as_str()), (2, ""));
    assert!(
        done.stderr
            .starts_with("voidproof: command: there is no such command")
    );
}

#[test]
fn i11_no_error_quotes_what_could_be_a_card_number() {
    let pan = "6222021234567890123";
    for arguments in [
        &["--json", pan][..],
        &["--json", "explain", "51", pan],
        &["--json", "explain", "51", "--rail", pan],
        &["--json", "decode", "00", "0723C80DB5F4CD3D", pan],
        &["--json", "decode", "zz", pan],
        &["--json", "decode", "00", pan],
        &["--json", "decode", "00", "--clear=6222021234567890123"],
        &["--json", "encode", "{\"tpdu\":\"6222021234567890123\"}"],
        &[
            "--json",
            "encode",
            "{\"fields\":{\"2\":6222021234567890123}}",
        ],
        &["--json", "--operator", pan, "explain", "51"],
    ] {
        let done = run(arguments);
        assert_eq!(done.code, 2, "{arguments:?}");
        assert!(!done.stdout.contains("622202") && !done.stderr.contains("622202"));
    }
}

#[test]
fn words_are_english_unless_the_environment_is_chinese() {
    let code = &["explain", "local.NOT_FOUND"];
    assert!(run(code).stdout.contains("What to do now"));
    assert!(
        run_with("LANG", "de_DE.UTF-8", code)
            .stdout
            .contains("What to do now")
    );
    assert!(
        run_with("LANG", "zh_CN.UTF-8", code)
            .stdout
            .contains("现在怎么做")
    );
    assert!(
        run_with("LC_ALL", "zh_CN.UTF-8", code)
            .stdout
            .contains("现在怎么做")
    );
}
