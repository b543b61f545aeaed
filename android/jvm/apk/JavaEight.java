import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * The signatures of Java 8's classes as a jar, out of what the JDK keeps for `--release 8`: the framework's jar has no `java.*`, and
 * D8 shall not see anything newer. Use: `java JavaEight.java OUT.jar`.
 */
public class JavaEight {
    public static void main(String[] arguments) throws IOException {
        var classes = new TreeMap<String, byte[]>();
        Path signatures = Path.of(System.getProperty("java.home"), "lib", "ct.sym");
        try (var zip = new ZipFile(signatures.toFile())) {
            for (var entries = zip.entries(); entries.hasMoreElements();) {
                ZipEntry entry = entries.nextElement();
                // RELEASES/MODULE/PACKAGE/Class.sig, a digit for each release
                String[] parts = entry.getName().split("/", 3);
                if (parts.length < 3 || parts[0].indexOf('8') < 0 || !parts[2].endsWith(".sig")) continue;
                String name = parts[2].substring(0, parts[2].length() - ".sig".length()) + ".class";
                classes.put(name, zip.getInputStream(entry).readAllBytes());
            }
        }
        if (!classes.containsKey("java/lang/Object.class")) throw new IOException(signatures + " lacks Java 8");
        try (var zip = new ZipOutputStream(Files.newOutputStream(Path.of(arguments[0])))) {
            for (var one : classes.entrySet()) {
                zip.putNextEntry(new ZipEntry(one.getKey()));
                zip.write(one.getValue());
                zip.closeEntry();
            }
        }
    }
}
