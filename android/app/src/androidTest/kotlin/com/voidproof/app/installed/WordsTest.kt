package com.voidproof.app.installed

import android.content.res.Configuration
import com.voidproof.app.R
import org.junit.Assert.assertEquals
import org.junit.Assert.assertNotEquals
import org.junit.Test
import java.util.Locale

/** The words of both languages are in the APK, at any text size. */
class WordsTest {
    private fun word(locale: Locale, scale: Float = 1f): String {
        val configuration = Configuration(Here.context.resources.configuration)
        configuration.setLocale(locale)
        configuration.fontScale = scale
        return Here.context.createConfigurationContext(configuration).getString(R.string.back)
    }

    @Test
    fun bothLanguagesAreThere() {
        assertEquals("返回", word(Locale.SIMPLIFIED_CHINESE))
        assertNotEquals("返回", word(Locale.ENGLISH))
        assertEquals("返回", word(Locale.SIMPLIFIED_CHINESE, 2f))
    }
}
