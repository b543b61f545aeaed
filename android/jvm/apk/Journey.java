import com.voidproof.gateway.Approval;
import com.voidproof.gateway.CardRead;
import com.voidproof.gateway.Clock;
import com.voidproof.gateway.CoreEvent;
import com.voidproof.gateway.CoreState;
import com.voidproof.gateway.Edition;
import com.voidproof.gateway.Gateway;
import com.voidproof.gateway.KeyStore;
import com.voidproof.gateway.Means;
import com.voidproof.gateway.NewOperator;
import com.voidproof.gateway.Operator;
import com.voidproof.gateway.Ports;
import com.voidproof.gateway.ProfileFile;
import com.voidproof.gateway.RequestId;
import com.voidproof.gateway.Role;
import com.voidproof.gateway.Sale;
import com.voidproof.gateway.SaleRequest;
import com.voidproof.gateway.SaleStatus;
import com.voidproof.gateway.Secret;
import com.voidproof.gateway.Undo;
import com.voidproof.gateway.UndoReason;
import com.voidproof.gateway.UndoStatus;
import com.voidproof.gateway.VoidRequest;
import com.voidproof.gateway.core.CoreGateway;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.HttpURLConnection;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.regex.Pattern;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import kotlin.Unit;
import kotlin.coroutines.Continuation;
import kotlin.coroutines.CoroutineContext;
import kotlin.coroutines.EmptyCoroutineContext;
import kotlin.coroutines.intrinsics.CoroutineSingletons;
import kotlinx.coroutines.flow.FlowCollector;

/**
 * One journey on the classes of an APK as they are, shrunk or not: first start, sale, void while the host is away, the process
 * killed, opened again, delivered. In Java, so that it needs nothing of Kotlin's library that the app does not bring.
 * Use: `Journey VOIDPROOF FOLDER`; it starts itself with `--counter` as the process that is killed.
 */
public class Journey {
    private static final String SUPERVISOR = "00";
    private static final String PIN = "824605";
    private static final long PATIENCE_SECONDS = 20;

    private final Gateway gateway;
    private final Semaphore news = new Semaphore(0);

    private Journey(Path folder) {
        var home = folder.resolve("home").toFile();
        var outside = folder.resolve("outside").toFile();
        // The host is on this machine, which an edition for money refuses.
        gateway = new CoreGateway(new Ports(home, outside, new MachineClock(), new SoftKeys(), Edition.TRAINING, null));
    }

    public static void main(String[] arguments) throws Exception {
        if (arguments[0].equals("--counter")) {
            new Journey(Path.of(arguments[1])).sellAndVoid(arguments[2], arguments[3]);
            return;
        }
        Path folder = Files.createTempDirectory(Path.of(arguments[1]), "journey");
        try (var host = new Host(arguments[0])) {
            String[] named = counter(folder, host);
            new Journey(folder).deliver(named[0], named[1], host);
        }
        System.out.println("sold, voided offline, killed, opened again, delivered");
        // The core's threads do not keep a device's process alive either.
        System.exit(0);
    }

    /** Another process at the counter; gives the names of its sale and its void, and is killed once it told them. */
    private static String[] counter(Path folder, Host host) throws Exception {
        var command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.add("-Djna.library.path=" + System.getProperty("jna.library.path"));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), "Journey", "--counter"));
        command.addAll(List.of(folder.toString(), host.address(), host.control()));
        var process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        try (var words = new BufferedReader(new InputStreamReader(process.getInputStream()))) {
            String line = words.readLine();
            if (line == null) throw new AssertionError("the counter ended by itself");
            return line.split(" ");
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    private void sellAndVoid(String host, String control) throws Exception {
        var supervisor = new NewOperator(SUPERVISOR, "王店长", Role.SUPERVISOR, new Secret(PIN));
        var profile = new ProfileFile(profile(host).getBytes(StandardCharsets.UTF_8), Map.of());
        CoreState state = await(done -> gateway.setUp(profile, supervisor, done));
        if (!(state instanceof CoreState.Ready)) throw new AssertionError("not set up: " + state);
        listen();
        Journey.<Unit>await(gateway::signIn);
        var card = new CardRead.Manual(new Secret("6222020000000000018"), new Secret("3012"), null);
        var request = new SaleRequest(new RequestId("r1"), 1234, new Means.Card(card));
        Sale sale = await(done -> gateway.sell(request, done));
        until("the sale is approved", () -> sale(sale.getId()).getStatus() == SaleStatus.APPROVED);
        Host.tell(control, "{\"do\":\"offline\"}");
        var taken = new VoidRequest(new RequestId("r2"), sale.getId(), UndoReason.CUSTOMER_RETURNS, new Approval(SUPERVISOR, new Secret(PIN)), null);
        Undo undo = await(done -> gateway.voidSale(taken, done));
        System.out.println(sale.getId() + " " + undo.getId());
        // Until it is killed.
        System.in.read();
    }

    private void deliver(String sale, String undo, Host host) throws Exception {
        CoreState state = await(gateway::open);
        if (!(state instanceof CoreState.Ready)) throw new AssertionError("not opened again: " + state);
        Operator person = await(done -> gateway.logOn(SUPERVISOR, new Secret(PIN), done));
        if (person.getRole() != Role.SUPERVISOR) throw new AssertionError("logged on as " + person);
        listen();
        if (undo(undo).getStatus() == UndoStatus.VOIDED) throw new AssertionError("voided without a host");
        Host.tell(host.control(), "{\"do\":\"online\"}");
        Journey.<Unit>await(gateway::retryAll);
        until("the void is done", () -> undo(undo).getStatus() == UndoStatus.VOIDED);
        until("the sale is voided", () -> sale(sale).getStatus() == SaleStatus.VOIDED);
        String ledger = host.ledger();
        var books = Pattern.compile("\"unionpay\":\\{(?:(?!\"violations\").)*\"net\":0,\"violations\":\\[]");
        if (!books.matcher(ledger).find()) throw new AssertionError("the host's books: " + ledger);
        Journey.<Unit>await(gateway::close);
    }

    private Sale sale(String id) {
        return await(done -> gateway.sale(id, done));
    }

    private Undo undo(String id) {
        return await(done -> gateway.undo(id, done));
    }

    /** Has every event of the core wake [until]. */
    private void listen() {
        FlowCollector<CoreEvent> heard = (event, done) -> {
            news.release();
            return Unit.INSTANCE;
        };
        // Never ends: events go on.
        gateway.getEvents().collect(heard, new Ending<>());
    }

    private void until(String what, BooleanSupplier seen) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!seen.getAsBoolean()) {
            if (!news.tryAcquire(end - System.nanoTime(), TimeUnit.NANOSECONDS)) throw new AssertionError("not yet: " + what);
        }
    }

    /** Calls a suspending function and waits for its end. */
    @SuppressWarnings("unchecked")
    private static <T> T await(Function<Continuation<T>, Object> call) {
        var ending = new Ending<T>();
        Object now = call.apply(ending);
        return now == CoroutineSingletons.COROUTINE_SUSPENDED ? ending.future.join() : (T) now;
    }

    /** How a suspending function ended. */
    private static final class Ending<T> implements Continuation<T> {
        final CompletableFuture<T> future = new CompletableFuture<>();

        @Override
        public CoroutineContext getContext() {
            return EmptyCoroutineContext.INSTANCE;
        }

        @Override
        @SuppressWarnings("unchecked")
        public void resumeWith(Object result) {
            if (result instanceof kotlin.Result.Failure) future.completeExceptionally(((kotlin.Result.Failure) result).exception);
            else future.complete((T) result);
        }
    }

    private static String profile(String host) {
        return String.join("\n", "schema = 1", "[merchant]", "id = \"898310048140001\"", "name = \"示例便利店\"", "[terminal]",
            "id = \"10000001\"", "[unionpay]", "host = \"" + host + "\"", "tmk = \"31323334353637383132333435363738\"", "timeout_s = 3");
    }

    private static final class MachineClock implements Clock {
        private final String boot;

        MachineClock() {
            try {
                boot = Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).trim();
            } catch (java.io.IOException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public long wall() {
            return System.currentTimeMillis();
        }

        @Override
        public long sinceBoot() {
            return System.nanoTime() / 1_000_000;
        }

        @Override
        public String bootId() {
            return boot;
        }
    }

    /** The same key in both processes, as a platform would have it. */
    private static final class SoftKeys implements KeyStore {
        @Override
        public byte[] wrap(byte[] key) {
            return run(Cipher.ENCRYPT_MODE, key);
        }

        @Override
        public byte[] unwrap(byte[] wrapped) {
            return run(Cipher.DECRYPT_MODE, wrapped);
        }

        private static byte[] run(int mode, byte[] bytes) {
            try {
                var cipher = Cipher.getInstance("AES/GCM/NoPadding");
                cipher.init(mode, new SecretKeySpec(new byte[32], "AES"), new GCMParameterSpec(128, new byte[12]));
                return cipher.doFinal(bytes);
            } catch (java.security.GeneralSecurityException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** The simulated acquirer as a process of its own. */
    private static final class Host implements AutoCloseable {
        private final Process process;
        private final String ports;

        Host(String program) throws Exception {
            process = new ProcessBuilder(program, "host", "--port", "0", "--control-port", "0")
                .redirectError(ProcessBuilder.Redirect.DISCARD).start();
            ports = new BufferedReader(new InputStreamReader(process.getInputStream())).readLine();
        }

        String address() {
            return "127.0.0.1:" + port("unionpay");
        }

        String control() {
            return "http://127.0.0.1:" + port("control");
        }

        private String port(String name) {
            var found = Pattern.compile("\"" + name + "\":(\\d+)").matcher(ports);
            if (!found.find()) throw new AssertionError("no port of " + name);
            return found.group(1);
        }

        String ledger() throws Exception {
            try (var stream = new URL(control() + "/ledger").openStream()) {
                return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
            }
        }

        static void tell(String control, String order) throws Exception {
            var connection = (HttpURLConnection) new URL(control + "/do").openConnection();
            connection.setRequestMethod("POST");
            connection.setDoOutput(true);
            connection.getOutputStream().write(order.getBytes(StandardCharsets.UTF_8));
            if (connection.getResponseCode() != 200) throw new AssertionError(order + ": " + connection.getResponseCode());
        }

        @Override
        public void close() throws InterruptedException {
            process.destroy();
            process.waitFor();
        }
    }
}
