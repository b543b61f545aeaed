package com.voidproof.terminal

import java.io.File
import java.net.URI
import java.net.http.HttpClient
import java.net.http.HttpRequest
import java.net.http.HttpRequest.BodyPublishers
import java.net.http.HttpResponse
import java.net.http.HttpResponse.BodyHandlers

/** The terminal as a child process; closing it is kill -9. */
internal class Child(state: File, private val token: String? = null) : AutoCloseable {
    class Answer(private val answer: HttpResponse<ByteArray>) {
        val status get() = answer.statusCode()
        val body: ByteArray get() = answer.body()
        val text get() = body.decodeToString()

        fun header(name: String): String = answer.headers().firstValue(name).orElse("")
    }

    private val client = HttpClient.newHttpClient()
    private val process: Process = ProcessBuilder(command(state, token)).redirectError(ProcessBuilder.Redirect.INHERIT).start()
    private val port: Int = (process.inputStream.bufferedReader().readLine() ?: error("the terminal did not start"))
        .let { line -> Regex("""\{"port":(\d+)}""").matchEntire(line)?.groupValues?.get(1)?.toInt() ?: error("first line: $line") }

    fun get(path: String) = send(request(path).GET())

    fun post(path: String, body: String) = send(request(path).POST(BodyPublishers.ofString(body)))

    /** The same path without the token. */
    fun outside(path: String) = send(HttpRequest.newBuilder(URI("http://127.0.0.1:$port/$path")).GET())

    /** Waits for the view, since the app may still be on its way to it. */
    fun tap(what: String) {
        var picture = ""
        repeat(PICTURES) {
            val answer = post("tap", what)
            if (answer.status == 200) return
            check(answer.status == 404) { "$what: ${answer.status} ${answer.text}" }
            picture = nextPicture(picture)
        }
        error("nothing to tap with $what in\n${get("tree").text}")
    }

    fun await(words: String) = awaitIn("tree", words)

    fun awaitCounter(words: String) = awaitIn("counter", words)

    private fun awaitIn(path: String, words: String) {
        var picture = ""
        repeat(PICTURES) {
            if (words in get(path).text) return
            picture = nextPicture(picture)
        }
        error("no $words in\n${get(path).text}")
    }

    /** Waits until the screen changes. */
    private fun nextPicture(after: String) = get("screen.png" + if (after.isEmpty()) "" else "?after=$after").header("X-Picture")

    private fun request(path: String) = HttpRequest.newBuilder(URI("http://127.0.0.1:$port/" + (token?.let { "$it/" } ?: "") + path))

    private fun send(request: HttpRequest.Builder) = Answer(client.send(request.build(), BodyHandlers.ofByteArray()))

    override fun close() {
        process.destroyForcibly().waitFor()
    }

    private companion object {
        /** So many changes of the screen are waited for; each may take 10 s. */
        const val PICTURES = 20

        fun command(state: File, token: String?): List<String> {
            val temporary = File(state, "tmp").apply { mkdirs() }
            return listOfNotNull(
                File(System.getProperty("java.home"), "bin/java").path,
                "@" + System.getProperty("terminal.args"),
                "-Djava.io.tmpdir=$temporary",
                "-Drobolectric.dependency.dir=" + System.getProperty("robolectric.dependency.dir"),
                "-Dterminal.state=$state",
                "-Dterminal.gateway=fake",
                "-Dterminal.runtime=" + System.getProperty("terminal.runtime"),
                token?.let { "-Dterminal.token=$it" },
                "-cp",
                System.getProperty("java.class.path"),
                "com.voidproof.terminal.Main",
            )
        }
    }
}
