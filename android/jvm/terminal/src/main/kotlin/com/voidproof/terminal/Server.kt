package com.voidproof.terminal

import android.view.KeyEvent
import android.view.MotionEvent
import android.view.View
import com.sun.net.httpserver.HttpExchange
import com.sun.net.httpserver.HttpServer
import org.json.JSONArray
import org.json.JSONException
import org.json.JSONObject
import java.net.InetAddress
import java.net.InetSocketAddress
import java.util.concurrent.ExecutionException
import java.util.concurrent.Executors

/**
 * The device over HTTP, on loopback only. Bodies and answers are JSON.
 *
 *     GET  screen.png?after=N   header X-Picture is its number; with N, waits up to 10 s for another than N
 *     GET  tree                 {"picture", "windows": [nested views]}
 *     POST tap                  {"x","y"} | {"id"} | {"text"} → {"picture"} after the next frame; 404 none, 409 several
 *     POST drag                 {"action": "down|move|up", "x", "y"}
 *     POST key                  {"code": "BACK"} → {"picture"}
 *     POST text                 {"text"} → {"picture"}; 409 when nothing has the focus
 *     GET  counter              what the simulated hardware does
 *     GET  start                what the start took: milliseconds since the process began
 *     GET  slips?after=N        printed slips with a number above N
 *     POST control              {"do": "card|code|network|printer|clock", "arg"}; 409 when no card or code is waited for
 */
internal class Server(private val hands: Hands, private val app: TerminalApplication, token: String?) {
    private val counter = app.counter
    private val pictures = Pictures(hands)
    private val root = if (token.isNullOrEmpty()) "/" else "/$token/"

    fun start(port: Int): Int {
        val server = HttpServer.create(InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0)
        server.executor = Executors.newCachedThreadPool()
        server.createContext("/") { exchange -> exchange.use(::answer) }
        server.start()
        return server.address.port
    }

    private fun HttpExchange.use(work: (HttpExchange) -> Unit) = try {
        work(this)
    } catch (e: BadRequest) {
        json(400, JSONObject().put("error", JSONObject().put("where", e.where).put("detail", e.what)))
    } catch (e: JSONException) {
        json(400, JSONObject().put("error", JSONObject().put("where", "body").put("detail", e.message)))
    } catch (e: ExecutionException) {
        e.printStackTrace()
        json(500, JSONObject().put("error", JSONObject().put("where", "app").put("detail", e.cause.toString())))
    } finally {
        close()
    }

    private fun answer(exchange: HttpExchange) {
        val path = exchange.requestURI.path
        if (!path.startsWith(root)) return exchange.json(404, JSONObject())
        when ("${exchange.requestMethod} ${path.removePrefix(root)}") {
            "GET screen.png" -> screen(exchange)
            "GET tree" -> tree(exchange)
            "POST tap" -> tap(exchange)
            "POST drag" -> drag(exchange)
            "POST key" -> key(exchange)
            "POST text" -> text(exchange)
            "GET counter" -> exchange.json(200, counter.describe())
            "GET start" -> exchange.json(200, app.startUp.describe())
            "GET slips" -> exchange.json(200, JSONObject().put("slips", counter.slipsAfter(exchange.after() ?: 0)))
            "POST control" -> control(exchange)
            else -> exchange.json(404, JSONObject())
        }
    }

    private fun screen(exchange: HttpExchange) {
        val seen = exchange.after()
        val picture = if (seen == null) pictures.now() else pictures.after(seen, PATIENCE)
        exchange.responseHeaders.set("X-Picture", picture.number.toString())
        exchange.send(200, "image/png", picture.png)
    }

    private fun tree(exchange: HttpExchange) {
        val number = pictures.now().number
        val windows = hands.look { views -> JSONArray(views.map(Tree::describe)) }
        exchange.json(200, JSONObject().put("picture", number).put("windows", windows))
    }

    private fun tap(exchange: HttpExchange) {
        val body = exchange.body()
        if (body.has("x")) {
            hands.tap(body.getDouble("x").toFloat(), body.getDouble("y").toFloat())
            return done(exchange)
        }
        when (val found = hands.tap(search(body))) {
            1 -> done(exchange)
            else -> exchange.json(if (found == 0) 404 else 409, JSONObject().put("found", found))
        }
    }

    private fun search(body: JSONObject): (List<View>) -> List<View> = when {
        body.has("id") -> body.getString("id").let { id -> { windows -> Tree.withId(windows, id) } }
        body.has("text") -> body.getString("text").let { text -> { windows -> Tree.withText(windows, text) } }
        else -> throw BadRequest("body", "x and y, id or text expected")
    }

    private fun drag(exchange: HttpExchange) {
        val body = exchange.body()
        val action = when (val name = body.getString("action")) {
            "down" -> MotionEvent.ACTION_DOWN
            "move" -> MotionEvent.ACTION_MOVE
            "up" -> MotionEvent.ACTION_UP
            else -> throw BadRequest("action", name)
        }
        hands.drag(action, body.getDouble("x").toFloat(), body.getDouble("y").toFloat())
        done(exchange)
    }

    private fun key(exchange: HttpExchange) {
        val name = exchange.body().getString("code")
        val code = KeyEvent.keyCodeFromString("KEYCODE_$name")
        if (code == KeyEvent.KEYCODE_UNKNOWN) throw BadRequest("code", name)
        hands.key(code)
        done(exchange)
    }

    private fun text(exchange: HttpExchange) {
        if (hands.type(exchange.body().getString("text"))) done(exchange) else exchange.json(409, JSONObject())
    }

    private fun control(exchange: HttpExchange) {
        val body = exchange.body()
        when (val what = body.getString("do")) {
            "card" -> if (!counter.present(body.getJSONObject("arg"))) return exchange.json(409, JSONObject())
            "code" -> if (!counter.show(body.getString("arg"))) return exchange.json(409, JSONObject())
            "network" -> counter.network(body.getString("arg"))
            "printer" -> counter.printer(body.getString("arg"))
            "clock" -> body.getJSONObject("arg").let { counter.move(it.optLong("wall"), it.optLong("passed")) }
            else -> throw BadRequest("do", what)
        }
        done(exchange)
    }

    private fun done(exchange: HttpExchange) = exchange.json(200, JSONObject().put("picture", pictures.now().number))

    private fun HttpExchange.after(): Int? {
        val query = requestURI.query ?: return null
        val value = query.split('&').firstOrNull { it.startsWith("after=") }?.removePrefix("after=") ?: return null
        return value.toIntOrNull() ?: throw BadRequest("after", value)
    }

    private fun HttpExchange.body() = JSONObject(requestBody.readBytes().decodeToString())

    private fun HttpExchange.json(status: Int, body: JSONObject) = send(status, "application/json", body.toString().toByteArray())

    private fun HttpExchange.send(status: Int, type: String, body: ByteArray) {
        responseHeaders.set("Content-Type", type)
        responseHeaders.set("Cache-Control", "no-store")
        sendResponseHeaders(status, body.size.toLong())
        responseBody.write(body)
    }

    private companion object {
        const val PATIENCE = 10_000L
    }
}
