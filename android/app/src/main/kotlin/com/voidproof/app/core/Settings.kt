package com.voidproof.app.core

import com.voidproof.gateway.Language

enum class Theme { SYSTEM, LIGHT, DARK }

/** What the person chose for the app itself. Chinese until told otherwise. */
data class Settings(val language: Language = Language.ZH, val theme: Theme = Theme.SYSTEM)
