package com.voidproof.app.ui

import android.text.GetChars
import android.text.TextUtils
import android.text.method.PasswordTransformationMethod
import android.view.View

/** What of a profile may be read by whoever stands beside the screen. */
object ProfileSecrets {
    /** Names of the values that are keys, in whatever section. */
    val NAMES = setOf("tmk", "api_key", "api_v3_key", "app_auth_token")

    private const val DOT = '\u2022'
    private const val VALUE = """("{3}[\s\S]*?(?:"{3}|\z)|'{3}[\s\S]*?(?:'{3}|\z)|[^\r\n]*)"""
    private val NAMED = Regex("""(?<![A-Za-z0-9_-])(?:${NAMES.joinToString("|")})["']?[ \t]*[=:][ \t]*$VALUE""", RegexOption.IGNORE_CASE)
    private val PEM = Regex("-----BEGIN [^-\\r\\n]*-----([\\s\\S]*?)(?=-----END|\\z)")

    /** As long as the shortest key, whatever it is called: a name may be mistyped, a key may stand without one. */
    private val LONG = Regex("([A-Za-z0-9+/]{32,}=*)")

    /** [profile] with dots for its keys, as long as it is and with the same lines. */
    fun masked(profile: CharSequence): String {
        val shown = profile.toString().toCharArray()
        for (keys in listOf(NAMED, PEM, LONG)) {
            keys.findAll(profile).mapNotNull { it.groups[1]?.range }.forEach { range ->
                range.forEach { if (!shown[it].isWhitespace() && shown[it] != '"' && shown[it] != '\'') shown[it] = DOT }
            }
        }
        return String(shown)
    }
}

/** Shows a profile with dots for its keys. To the framework all of it is a password, as with [MaskedDigits]. */
class MaskedProfile : PasswordTransformationMethod() {
    override fun getTransformation(source: CharSequence, view: View): CharSequence = Masked(source)

    /** Follows [source] as it is typed; masks it once for each change. */
    private class Masked(private val source: CharSequence) : CharSequence, GetChars {
        private var of = ""
        private var shown = ""
        override val length: Int get() = source.length

        private fun now(): String {
            if (!TextUtils.equals(of, source)) {
                of = source.toString()
                shown = ProfileSecrets.masked(of)
            }
            return shown
        }

        override fun get(index: Int): Char = now()[index]

        override fun subSequence(startIndex: Int, endIndex: Int): CharSequence = now().substring(startIndex, endIndex)

        override fun toString(): String = now()

        override fun getChars(start: Int, end: Int, dest: CharArray, destoff: Int) {
            now().toCharArray(dest, destoff, start, end)
        }
    }
}
