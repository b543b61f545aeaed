package com.voidproof.app.device.broadcast

/** The message by which a vendor's scanning service tells what it read: [extra] holds the text. */
class Vendor(val name: String, val action: String, val extra: String)

/** Those whose makers, or several independent users, say so in public; where each is said stands in docs/scanning.md. */
val VENDORS: List<Vendor> = listOf(
    Vendor("SUNMI", "com.sunmi.scanner.ACTION_DATA_CODE_RECEIVED", "data"),
    Vendor("SUNMI, older", "com.android.scanner.ACTION_DATA_CODE_RECEIVED", "data"),
    Vendor("Newland", "nlscan.action.SCANNER_RESULT", "SCAN_BARCODE1"),
    Vendor("UROVO", "android.intent.ACTION_DECODE_DATA", "barcode_string"),
    // DataWedge sends the action that its profile names: this one is ours.
    Vendor("Zebra DataWedge", "com.voidproof.app.SCAN", "com.symbol.datawedge.data_string"),
)

/** Longer than any payment code. */
const val LONGEST = 1024

/** [text] without the line end that scanners put behind it; null: no text that a scanner reads off a phone. */
fun scannedText(text: CharSequence?): CharSequence? {
    if (text == null || text.length > LONGEST) return null
    val clean = text.trimEnd { it in "\r\n\t" }
    return clean.takeIf { it.isNotEmpty() && it.none(Char::isISOControl) }
}
