package com.voidproof.app.device

import com.voidproof.gateway.EvidenceFile

/** What leaves the app without a permission: files into its own folder, words to another app. */
interface Outbox {
    /** Writes all of [files], or none. */
    suspend fun keep(files: List<EvidenceFile>): Kept

    /** Lets the person choose an app that takes [text]. False: there is none. */
    fun share(title: String, text: String): Boolean
}

sealed interface Kept {
    /** [folder]: as a computer at the USB port sees it. */
    data class In(val folder: String) : Kept

    data object Failed : Kept
}
