package com.voidproof.app.screens.pay

import android.text.InputFilter
import android.text.InputType
import android.view.Gravity
import android.view.View
import android.widget.ImageView
import android.widget.LinearLayout
import com.voidproof.app.R
import com.voidproof.app.ui.Gap
import com.voidproof.app.ui.Meaning
import com.voidproof.app.ui.Readable
import com.voidproof.app.ui.SecretDigits
import com.voidproof.app.ui.Type
import com.voidproof.app.ui.Ui
import com.voidproof.app.ui.card
import com.voidproof.app.ui.field
import com.voidproof.app.ui.notice
import com.voidproof.app.ui.put
import com.voidproof.app.ui.text
import com.voidproof.gateway.Secret

/** What to do with the card now, large enough for the customer to see; below it, that no certified kernel reads. */
fun LinearLayout.putCardPrompt(ui: Ui, reader: PayState.Reader, sameCard: Boolean, certified: Boolean) {
    val waiting = reader == PayState.Reader.WAITING
    put(
        ui.prompt(
            if (waiting) R.drawable.ic_tap else R.drawable.ic_card,
            if (waiting) Meaning.INFO else Meaning.OWED,
            ui.string(cardWords(reader, sameCard)),
            ui.string(cardHint(reader)),
        ),
        top = Gap.LARGE,
    )
    if (!certified) putUncertified(ui)
}

fun LinearLayout.putUncertified(ui: Ui) = put(ui.text(R.string.reader_uncertified, Type.SMALL, R.color.ink_2), top = Gap.SMALL)

/** A card with a picture, a heading and a sentence in its middle. */
fun Ui.prompt(icon: Int, meaning: Meaning, heading: CharSequence, hint: CharSequence): View = card {
    gravity = Gravity.CENTER
    setPadding(dp(Gap.LARGE), dp(ART_PAD), dp(Gap.LARGE), dp(ART_PAD))
    put(art(meaning, icon))
    put(text(heading, Type.TITLE).apply {
        id = R.id.headline
        gravity = Gravity.CENTER
        accessibilityLiveRegion = View.ACCESSIBILITY_LIVE_REGION_POLITE
    }, top = Gap.MEDIUM)
    put(text(hint, Type.BODY, R.color.ink_2).apply { gravity = Gravity.CENTER }, top = Gap.TINY)
}

private fun Ui.art(meaning: Meaning, icon: Int) = ImageView(context).apply {
    setImageDrawable(icon(icon, meaning.ink))
    background = ground(meaning.ground, ART / 2f)
    val inset = dp(ART / 4)
    setPadding(inset, inset, inset, inset)
    importantForAccessibility = View.IMPORTANT_FOR_ACCESSIBILITY_NO
    layoutParams = LinearLayout.LayoutParams(dp(ART), dp(ART))
}.let { image -> row { gravity = Gravity.CENTER; addView(image) } }

private fun cardWords(reader: PayState.Reader, sameCard: Boolean) = when (reader) {
    PayState.Reader.WAITING -> if (sameCard) R.string.present_same_card else R.string.present_card
    PayState.Reader.ABSENT -> R.string.reader_absent
    PayState.Reader.UNREADABLE -> R.string.reader_unreadable
    PayState.Reader.REMOVED_EARLY -> R.string.reader_early
    PayState.Reader.TWO_CARDS -> R.string.reader_two
    PayState.Reader.PIN_CANCELLED -> R.string.reader_pin
    PayState.Reader.BROKEN -> R.string.reader_broken
}

private fun cardHint(reader: PayState.Reader) = when (reader) {
    PayState.Reader.WAITING -> R.string.present_card_hint
    PayState.Reader.ABSENT, PayState.Reader.BROKEN -> R.string.reader_absent_hint
    PayState.Reader.PIN_CANCELLED -> R.string.reader_pin_hint
    else -> R.string.reader_again_hint
}

/** Number and expiry typed by hand. They live in the fields alone until they are taken. */
class CardFields(private val ui: Ui) {
    private val number = SecretDigits(ui, R.string.card_number, R.id.card_number, CARD_DIGITS, Readable.CARD)
    private val expiry = ui.field(R.string.card_expiry, R.id.card_expiry, DIGITS, R.string.card_expiry_hint, secret = true)

    init {
        expiry.input.filters = arrayOf(InputFilter.LengthFilter(EXPIRY_DIGITS))
    }

    fun put(into: LinearLayout, wrong: Boolean) {
        into.put(number.detached(), top = Gap.LARGE)
        into.put(expiry.detached(), top = Gap.MEDIUM)
        if (wrong) {
            val words = ui.string(R.string.card_typed_wrong_why)
            into.put(ui.notice(Meaning.REFUSED, ui.string(R.string.card_typed_wrong), words).apply { id = R.id.failure }, top = Gap.MEDIUM)
        }
    }

    fun number() = Secret(number.input.text)

    fun expiry() = Secret(expiry.input.text)

    fun clear() {
        number.clear()
        expiry.input.text.clear()
    }

    private companion object {
        const val DIGITS = InputType.TYPE_CLASS_NUMBER
        const val CARD_DIGITS = 19
        const val EXPIRY_DIGITS = 4
    }
}

private const val ART = 88
private const val ART_PAD = 28
