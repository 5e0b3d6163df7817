import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.math.BigInteger;
import java.security.SecureRandom;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ua.DSTU4145NamedCurves;
import org.bouncycastle.crypto.AsymmetricCipherKeyPair;
import org.bouncycastle.crypto.generators.DSTU4145KeyPairGenerator;
import org.bouncycastle.crypto.params.ECDomainParameters;
import org.bouncycastle.crypto.params.ECKeyGenerationParameters;
import org.bouncycastle.crypto.signers.DSTU4145Signer;

/** Prints the least processor time, in nanoseconds, of one verification on M257, warmed up. */
public class BouncyCastleSpeed {
    static final int ROUNDS = 2000;

    public static void main(String[] words) {
        ECDomainParameters domain =
                DSTU4145NamedCurves.getByOID(new ASN1ObjectIdentifier("1.2.804.2.1.1.1.1.3.1.1.2.6"));
        DSTU4145KeyPairGenerator generator = new DSTU4145KeyPairGenerator();
        generator.init(new ECKeyGenerationParameters(domain, new SecureRandom()));
        AsymmetricCipherKeyPair pair = generator.generateKeyPair();
        byte[] digest = new byte[32];
        new SecureRandom().nextBytes(digest);
        DSTU4145Signer signer = new DSTU4145Signer();
        signer.init(true, pair.getPrivate());
        BigInteger[] signature = signer.generateSignature(digest);
        ThreadMXBean clock = ManagementFactory.getThreadMXBean();
        long least = Long.MAX_VALUE;
        for (int round = 0; round < ROUNDS; round++) {
            DSTU4145Signer verifier = new DSTU4145Signer();
            verifier.init(false, pair.getPublic());
            long start = clock.getCurrentThreadCpuTime();
            boolean good = verifier.verifySignature(digest, signature[0], signature[1]);
            least = Math.min(least, clock.getCurrentThreadCpuTime() - start);
            if (!good) {
                throw new IllegalStateException("the signature does not verify");
            }
        }
        System.out.println(least);
    }
}
