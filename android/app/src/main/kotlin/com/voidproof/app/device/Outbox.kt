package com.voidproof.app.device

import com.voidproof.gateway.EvidenceFile

/** What leaves the app without a permission: files into its own folder, words to another app. */
interface Outbox {
    /** Writes all of [files], or none. */
    suspend fun keep(files: List<EvidenceFile>): Kept

    /** Lets the person choose an app that takes [text]. */
    fun share(title: String, text: String): Shared
}

/** [PINNED]: the screen is held to this app, and another app's would not open. */
enum class Shared { CHOOSING, NOBODY, PINNED }

sealed interface Kept {
    /** [folder]: as a computer at the USB port sees it. */
    data class In(val folder: String) : Kept

    data object Failed : Kept
}
