package com.voidproof.app.core

import com.voidproof.app.device.Devices
import com.voidproof.gateway.Language

enum class Theme { SYSTEM, LIGHT, DARK }

/** What the person chose for the app itself. Chinese until told otherwise. */
data class Settings(val language: Language = Language.ZH, val theme: Theme = Theme.SYSTEM)

/** Where the settings outlive the process. */
interface SettingsStore {
    suspend fun load(): Settings

    suspend fun save(settings: Settings)
}

/** What a session begins with. */
interface Start {
    val devices: Devices
    val settings: SettingsStore

    suspend fun tools(): Tools
}
