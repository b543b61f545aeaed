import java.io.IOException;
import java.util.Arrays;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.objectweb.asm.AnnotationVisitor;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.FieldVisitor;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/**
 * Fails unless two jars hold the same classes outside Kotlin's library, where one holds more of that. What a class says of
 * that library beside its code (annotations, nested names) is not looked at: it stands only where the named class does. Use: `Same ONE.jar OTHER.jar`.
 */
public class Same {
    public static void main(String[] arguments) throws IOException {
        var one = classes(arguments[0]);
        var other = classes(arguments[1]);
        if (!one.keySet().equals(other.keySet())) throw new IOException("one has classes that the other lacks");
        for (var name : one.keySet()) {
            if (!Arrays.equals(one.get(name), other.get(name))) throw new IOException(name + " is not the same");
        }
        System.out.println(one.size() + " classes are the same");
    }

    private static TreeMap<String, byte[]> classes(String jar) throws IOException {
        var found = new TreeMap<String, byte[]>();
        try (var zip = new ZipFile(jar)) {
            for (var entries = zip.entries(); entries.hasMoreElements();) {
                ZipEntry entry = entries.nextElement();
                String name = entry.getName();
                if (name.endsWith(".class") && !isKotlins(name)) found.put(name, plain(zip.getInputStream(entry).readAllBytes()));
            }
        }
        if (found.isEmpty()) throw new IOException(jar + " holds no class of the app");
        return found;
    }

    private static boolean isKotlins(String name) {
        return name.startsWith("kotlin/") || name.startsWith("kotlinx/") || name.startsWith("_COROUTINE/");
    }

    /** Written anew, so that constants stand in the order of their use. */
    private static byte[] plain(byte[] bytes) {
        var writer = new ClassWriter(0);
        new ClassReader(bytes).accept(new ClassVisitor(Opcodes.ASM9, writer) {
            @Override
            public AnnotationVisitor visitAnnotation(String type, boolean visible) {
                return isKotlins(type.substring(1)) ? null : super.visitAnnotation(type, visible);
            }

            @Override
            public void visitInnerClass(String name, String outer, String inner, int access) {
                if (!isKotlins(name)) super.visitInnerClass(name, outer, inner, access);
            }

            @Override
            public FieldVisitor visitField(int access, String name, String type, String signature, Object value) {
                return new FieldVisitor(Opcodes.ASM9, super.visitField(access, name, type, signature, value)) {
                    @Override
                    public AnnotationVisitor visitAnnotation(String type, boolean visible) {
                        return isKotlins(type.substring(1)) ? null : super.visitAnnotation(type, visible);
                    }
                };
            }

            @Override
            public MethodVisitor visitMethod(int access, String name, String type, String signature, String[] exceptions) {
                return new MethodVisitor(Opcodes.ASM9, super.visitMethod(access, name, type, signature, exceptions)) {
                    @Override
                    public AnnotationVisitor visitAnnotation(String type, boolean visible) {
                        return isKotlins(type.substring(1)) ? null : super.visitAnnotation(type, visible);
                    }
                };
            }
        }, 0);
        return writer.toByteArray();
    }
}
