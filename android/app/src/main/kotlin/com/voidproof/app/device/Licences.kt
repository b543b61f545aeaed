package com.voidproof.app.device

/** What others wrote that is in the app. [text]: of its licence, with the notices that go with it. */
data class LicencePart(val name: String, val version: String, val licence: String, val text: String)

/** The list that the build packed into the app. */
fun interface Licences {
    /** Null: this build has none. */
    suspend fun read(): List<LicencePart>?
}
