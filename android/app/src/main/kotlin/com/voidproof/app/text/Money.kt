package com.voidproof.app.text

/** Amounts in minor units as people write them, without floating point. */
object Money {
    /** Such as `12,800.00`. */
    fun digits(minor: Long): String {
        val sign = if (minor < 0) "-" else ""
        val whole = Math.abs(minor / HUNDRED).toString()
        val cents = Math.abs(minor % HUNDRED).toString().padStart(2, '0')
        return sign + grouped(whole) + "." + cents
    }

    /** Such as `¥12,800.00`. */
    fun yuan(minor: Long): String = "¥" + digits(minor)

    fun grouped(whole: String): String = buildString {
        whole.forEachIndexed { i, digit ->
            if (i > 0 && (whole.length - i) % GROUP == 0) append(',')
            append(digit)
        }
    }

    private const val HUNDRED = 100L
    private const val GROUP = 3
}

/**
 * An amount as it is typed on the keypad: whole yuan, then perhaps a point and up to two digits. What cannot be part of an amount
 * is not taken.
 */
data class TypedAmount(val text: String = "") {
    val minor: Long
        get() {
            val whole = text.substringBefore('.').ifEmpty { "0" }
            val cents = text.substringAfter('.', "").padEnd(2, '0')
            return whole.toLong() * 100 + cents.toLong()
        }

    /** As it stands on the screen: `0.00` grey while nothing is typed is the view's business. */
    val shown: String
        get() = Money.grouped(text.substringBefore('.').ifEmpty { "0" }) + if ('.' in text) "." + text.substringAfter('.') else ""

    fun digit(digit: Char): TypedAmount {
        val point = text.indexOf('.')
        return when {
            point >= 0 && text.length - point > 2 -> this
            point < 0 && text == "0" -> TypedAmount(digit.toString())
            point < 0 && text.length >= WHOLE_DIGITS -> this
            else -> TypedAmount(text + digit)
        }
    }

    fun point(): TypedAmount = when {
        '.' in text -> this
        text.isEmpty() -> TypedAmount("0.")
        else -> TypedAmount("$text.")
    }

    fun erase() = TypedAmount(text.dropLast(1))

    companion object {
        private const val WHOLE_DIGITS = 7

        /** What was saved; anything that the keypad could not have made gives nothing. */
        fun of(saved: String): TypedAmount = saved.fold(TypedAmount()) { typed, c ->
            if (c == '.') typed.point() else if (c in '0'..'9') typed.digit(c) else typed
        }
    }
}
