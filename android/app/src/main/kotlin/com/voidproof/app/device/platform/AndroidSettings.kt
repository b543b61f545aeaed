package com.voidproof.app.device.platform

import android.annotation.SuppressLint
import android.content.Context
import com.voidproof.app.core.Settings
import com.voidproof.app.core.SettingsStore
import com.voidproof.app.core.Theme
import com.voidproof.gateway.Language
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.withContext

/** The app's own settings; not the terminal's, which are the core's. */
class AndroidSettings(private val context: Context, private val files: CoroutineDispatcher) : SettingsStore {
    private val file by lazy { context.getSharedPreferences("settings", Context.MODE_PRIVATE) }

    override suspend fun load() = withContext(files) {
        Settings(
            Language.values().firstOrNull { it.name == file.getString(LANGUAGE, null) } ?: Settings().language,
            Theme.values().firstOrNull { it.name == file.getString(THEME, null) } ?: Settings().theme,
        )
    }

    /** Written here and now: what is put off is written on the main thread when the activity stops. */
    @SuppressLint("ApplySharedPref")
    override suspend fun save(settings: Settings): Unit = withContext(files) {
        file.edit().putString(LANGUAGE, settings.language.name).putString(THEME, settings.theme.name).commit()
    }

    private companion object {
        const val LANGUAGE = "language"
        const val THEME = "theme"
    }
}
