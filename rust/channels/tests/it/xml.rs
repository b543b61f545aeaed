//! The strict XML reader.

use pos_channels::wechat::read_xml;
use proptest::prelude::*;

#[test]
fn flat_children_with_cdata_text_and_entities() {
    let text = "\u{FEFF}<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<xml>\r\n\
        <a><![CDATA[1 < 2 & 3]]></a><b>x &amp;&lt;&gt;&quot;&apos; y</b><c/><d></d>\
        <e>中<![CDATA[文]]>字</e></xml>\n";
    let pairs = [
        ("a", "1 < 2 & 3"),
        ("b", "x &<>\"' y"),
        ("c", ""),
        ("d", ""),
        ("e", "中文字"),
    ];
    let own: Vec<_> = pairs.map(|(n, v)| (n.to_owned(), v.to_owned())).into();
    assert_eq!(read_xml(text), Ok(own));
}

#[test]
fn what_could_read_a_file_or_hide_a_second_value_is_refused() {
    for text in [
        "<!DOCTYPE xml [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><xml><a>&x;</a></xml>",
        "<xml><a>&x;</a></xml>",
        "<xml><a>&#65;</a></xml>",
        "<xml><a>1</a><a>2</a></xml>",
        "<xml><a><b>1</b></a></xml>",
        "<xml><!-- c --><a>1</a></xml>",
        "<xml><a x=\"1\">1</a></xml>",
        "<xml><a>1</a></xml><xml></xml>",
        "<xml><a>1</a>",
        "<xml><a>1</b></xml>",
        "<xml><a><![CDATA[1</a></xml>",
        "<xml>text</xml>",
        "<html></html>",
        "<xml><1a>1</1a></xml>",
        "",
    ] {
        let error = read_xml(text).unwrap_err();
        assert!(error.at <= text.len(), "{text}: {error}");
    }
    let many: String = (0..600).map(|n| format!("<f{n}>1</f{n}>")).collect();
    assert!(read_xml(&format!("<xml>{many}</xml>")).is_err());
}

#[test]
fn an_error_says_where() {
    let error = read_xml("<xml><a>1</a><a>2</a></xml>").unwrap_err();
    assert_eq!(error.to_string(), "an element comes twice at byte 13");
}

proptest! {
    #[test]
    fn no_text_panics(text in "\\PC{0,80}") {
        let _ = read_xml(&text);
        let _ = read_xml(&format!("<xml>{text}</xml>"));
        let _ = read_xml(&format!("<xml><a>{text}</a></xml>"));
    }

    #[test]
    fn pieces_of_markup_never_panic(
        parts in proptest::collection::vec(
            prop_oneof![
                Just("<xml>"), Just("</xml>"), Just("<a>"), Just("</a>"), Just("<"), Just(">"),
                Just("&"), Just("&amp;"), Just("<![CDATA["), Just("]]>"), Just("é"), Just("/"),
            ],
            0..12,
        )
    ) {
        let _ = read_xml(&parts.concat());
    }
}
