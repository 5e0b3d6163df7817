import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.security.Security;
import java.security.spec.ECGenParameterSpec;
import java.util.Date;
import java.util.List;
import java.util.Map;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERPrintableString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.DERSet;
import org.bouncycastle.asn1.cms.Attribute;
import org.bouncycastle.asn1.cms.AttributeTable;
import org.bouncycastle.asn1.ess.ESSCertIDv2;
import org.bouncycastle.asn1.ess.SigningCertificateV2;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.ua.DSTU4145NamedCurves;
import org.bouncycastle.asn1.ua.DSTU4145Params;
import org.bouncycastle.asn1.ua.DSTU4145PointEncoder;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cms.CMSProcessableByteArray;
import org.bouncycastle.cms.CMSSignedDataGenerator;
import org.bouncycastle.cms.CMSSignedDataStreamGenerator;
import org.bouncycastle.cms.DefaultSignedAttributeTableGenerator;
import org.bouncycastle.cms.SignerInfoGenerator;
import org.bouncycastle.cms.SignerInfoGeneratorBuilder;
import org.bouncycastle.crypto.AsymmetricCipherKeyPair;
import org.bouncycastle.crypto.Digest;
import org.bouncycastle.crypto.digests.DSTU7564Digest;
import org.bouncycastle.crypto.digests.GOST3411Digest;
import org.bouncycastle.crypto.generators.DSTU4145KeyPairGenerator;
import org.bouncycastle.crypto.params.ECDomainParameters;
import org.bouncycastle.crypto.params.ECKeyGenerationParameters;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.signers.DSTU4145Signer;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.DigestCalculator;
import org.bouncycastle.operator.DigestCalculatorProvider;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.util.CollectionStore;

/** Makes signatures that the tests verify: every curve of the standard, every digest, ECDSA and RSA. */
public class BouncyCastle {
    static final String UA = "1.2.804.2.1.1.1.";
    static final byte[] CONTENT = "challenge".getBytes();
    static final Date START = new Date(1735689600000L);
    static final Date END = new Date(2051222400000L);
    static Path folder;
    static int serial = 1;

    /** What signs: its algorithms and a function from octets to a signature. */
    interface Key {
        SubjectPublicKeyInfo info() throws Exception;

        ContentSigner signer(boolean wrapped) throws Exception;

        AlgorithmIdentifier digest();
    }

    public static void main(String[] words) throws Exception {
        Security.addProvider(new BouncyCastleProvider());
        folder = Path.of(words[0]);
        for (int curve = 0; curve < 10; curve++) {
            make("dstu-curve" + curve, new Dstu(curve, "2.1", "3.1.1"));
        }
        make("dstu-kupyna256", new Dstu(6, "2.2.1", "3.6.1.1"));
        make("dstu-kupyna384", new Dstu(6, "2.2.2", "3.6.2.1"));
        make("dstu-kupyna512", new Dstu(9, "2.2.3", "3.6.3.1"));
        make("ecdsa-p256", new Jca("EC", "secp256r1", "SHA256withECDSA", "2.16.840.1.101.3.4.2.1"));
        make("ecdsa-p384", new Jca("EC", "secp384r1", "SHA384withECDSA", "2.16.840.1.101.3.4.2.2"));
        make("rsa", new Jca("RSA", "2048", "SHA256withRSA", "2.16.840.1.101.3.4.2.1"));
        make("rsa-pss", new Jca("RSA", "2048", "SHA256withRSAandMGF1", "2.16.840.1.101.3.4.2.1"));
    }

    /** Writes a root, an attached, a detached and a streamed signature of one person under it. */
    static void make(String name, Key key) throws Exception {
        X500Name rootName = new X500Name("CN=Root " + name);
        X509CertificateHolder root = certificate(rootName, rootName, key, key, true);
        X500Name person = new X500Name("CN=Person,SERIALNUMBER=TINUA-3287401015");
        X509CertificateHolder holder = certificate(rootName, person, key, key, false);
        Files.write(folder.resolve(name + ".root.cer"), root.getEncoded());
        for (boolean attached : new boolean[] {true, false}) {
            CMSSignedDataGenerator generator = new CMSSignedDataGenerator();
            generator.addSignerInfoGenerator(signerInfo(key, holder));
            generator.addCertificates(new CollectionStore<>(List.of(root, holder)));
            byte[] made = generator.generate(new CMSProcessableByteArray(CONTENT), attached).getEncoded();
            Files.write(folder.resolve(name + (attached ? ".attached" : ".detached") + ".p7s"), made);
        }
        CMSSignedDataStreamGenerator streaming = new CMSSignedDataStreamGenerator();
        streaming.addSignerInfoGenerator(signerInfo(key, holder));
        streaming.addCertificates(new CollectionStore<>(List.of(holder)));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (OutputStream stream = streaming.open(out, true)) {
            stream.write(CONTENT, 0, 4);
            stream.write(CONTENT, 4, CONTENT.length - 4);
        }
        Files.write(folder.resolve(name + ".streamed.p7s"), out.toByteArray());
    }

    static X509CertificateHolder certificate(
            X500Name issuer, X500Name subject, Key subjectKey, Key issuerKey, boolean authority)
            throws Exception {
        X509v3CertificateBuilder builder = new X509v3CertificateBuilder(
                issuer, BigInteger.valueOf(serial++), START, END, subject, subjectKey.info());
        int usage = authority ? KeyUsage.keyCertSign | KeyUsage.cRLSign : KeyUsage.digitalSignature;
        builder.addExtension(Extension.keyUsage, true, new KeyUsage(usage));
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(authority));
        if (!authority) {
            ASN1Encodable value = new DERSet(new DERPrintableString("3287401015"));
            ASN1ObjectIdentifier drfo = new ASN1ObjectIdentifier(UA + "11.1.4.1.1");
            builder.addExtension(
                    Extension.subjectDirectoryAttributes, false,
                    new DERSequence(new DERSequence(new ASN1Encodable[] {drfo, value})));
        }
        return builder.build(issuerKey.signer(true));
    }

    static SignerInfoGenerator signerInfo(Key key, X509CertificateHolder holder) throws Exception {
        DigestCalculator essential = calculator(key.digest());
        essential.getOutputStream().write(holder.getEncoded());
        ESSCertIDv2 identifier = new ESSCertIDv2(key.digest(), essential.getDigest());
        ASN1EncodableVector attributes = new ASN1EncodableVector();
        attributes.add(new Attribute(
                PKCSObjectIdentifiers.id_aa_signingCertificateV2,
                new DERSet(new SigningCertificateV2(identifier))));
        DigestCalculatorProvider provider = algorithm -> calculator(key.digest());
        SignerInfoGeneratorBuilder builder = new SignerInfoGeneratorBuilder(provider);
        builder.setSignedAttributeGenerator(
                new DefaultSignedAttributeTableGenerator(new AttributeTable(attributes)));
        builder.setContentDigest(key.digest());
        return builder.build(key.signer(false), holder);
    }

    static DigestCalculator calculator(AlgorithmIdentifier algorithm) {
        ByteArrayOutputStream octets = new ByteArrayOutputStream();
        return new DigestCalculator() {
            public AlgorithmIdentifier getAlgorithmIdentifier() {
                return algorithm;
            }

            public OutputStream getOutputStream() {
                return octets;
            }

            public byte[] getDigest() {
                return hash(algorithm, octets.toByteArray());
            }
        };
    }

    static byte[] hash(AlgorithmIdentifier algorithm, byte[] data) {
        String oid = algorithm.getAlgorithm().getId();
        if (!oid.startsWith(UA)) {
            try {
                return MessageDigest.getInstance(oid, "BC").digest(data);
            } catch (java.security.GeneralSecurityException error) {
                throw new IllegalStateException(error);
            }
        }
        Map<String, Integer> bits = Map.of("1", 256, "2", 384, "3", 512);
        Digest digest = oid.endsWith(".2.1") && !oid.endsWith("2.2.1")
                ? new GOST3411Digest(expanded())
                : new DSTU7564Digest(bits.get(oid.substring(oid.length() - 1)));
        digest.update(data, 0, data.length);
        byte[] value = new byte[digest.getDigestSize()];
        digest.doFinal(value, 0);
        return value;
    }

    static byte[] expanded() {
        byte[] packed = DSTU4145Params.getDefaultDKE();
        byte[] table = new byte[128];
        for (int i = 0; i < packed.length; i++) {
            table[2 * i] = (byte) ((packed[i] >> 4) & 15);
            table[2 * i + 1] = (byte) (packed[i] & 15);
        }
        return table;
    }

    static byte[] reversed(byte[] octets) {
        byte[] result = new byte[octets.length];
        for (int i = 0; i < octets.length; i++) {
            result[i] = octets[octets.length - 1 - i];
        }
        return result;
    }

    /** A ДСТУ 4145 key on one of the standard curves. */
    static class Dstu implements Key {
        final ASN1ObjectIdentifier curve;
        final AlgorithmIdentifier digest;
        final AlgorithmIdentifier algorithm;
        final AsymmetricCipherKeyPair pair;
        final ECDomainParameters domain;

        Dstu(int number, String digest, String signature) {
            curve = new ASN1ObjectIdentifier(UA + "1.3.1.1.2." + number);
            domain = DSTU4145NamedCurves.getByOID(curve);
            this.digest = new AlgorithmIdentifier(new ASN1ObjectIdentifier(UA + "1." + digest));
            algorithm = new AlgorithmIdentifier(new ASN1ObjectIdentifier(UA + "1." + signature));
            DSTU4145KeyPairGenerator generator = new DSTU4145KeyPairGenerator();
            generator.init(new ECKeyGenerationParameters(domain, new SecureRandom()));
            pair = generator.generateKeyPair();
        }

        public SubjectPublicKeyInfo info() throws Exception {
            byte[] point = DSTU4145PointEncoder.encodePoint(((ECPublicKeyParameters) pair.getPublic()).getQ());
            AlgorithmIdentifier parameters = new AlgorithmIdentifier(
                    new ASN1ObjectIdentifier(UA + "1.3.1.1"),
                    new DSTU4145Params(curve, DSTU4145Params.getDefaultDKE()));
            return new SubjectPublicKeyInfo(parameters, new DEROctetString(reversed(point)));
        }

        public AlgorithmIdentifier digest() {
            return digest;
        }

        public ContentSigner signer(boolean wrapped) {
            ByteArrayOutputStream octets = new ByteArrayOutputStream();
            return new ContentSigner() {
                public AlgorithmIdentifier getAlgorithmIdentifier() {
                    return algorithm;
                }

                public OutputStream getOutputStream() {
                    return octets;
                }

                public byte[] getSignature() {
                    DSTU4145Signer signer = new DSTU4145Signer();
                    signer.init(true, pair.getPrivate());
                    BigInteger[] numbers = signer.generateSignature(hash(digest, octets.toByteArray()));
                    int half = (domain.getN().bitLength() + 7) / 8;
                    byte[] value = new byte[2 * half];
                    for (int i = 0; i < 2; i++) {
                        byte[] number = reversed(numbers[i].toByteArray());
                        System.arraycopy(number, 0, value, i * half, Math.min(half, number.length));
                    }
                    try {
                        return wrapped ? new DEROctetString(value).getEncoded() : value;
                    } catch (java.io.IOException error) {
                        throw new IllegalStateException(error);
                    }
                }
            };
        }
    }

    /** A key of the usual Java providers. */
    static class Jca implements Key {
        final KeyPair pair;
        final String algorithm;
        final AlgorithmIdentifier digest;

        Jca(String kind, String size, String algorithm, String digest) throws Exception {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(kind, "BC");
            if (kind.equals("EC")) {
                generator.initialize(new ECGenParameterSpec(size));
            } else {
                generator.initialize(Integer.parseInt(size));
            }
            pair = generator.generateKeyPair();
            this.algorithm = algorithm;
            this.digest = new AlgorithmIdentifier(new ASN1ObjectIdentifier(digest));
        }

        public SubjectPublicKeyInfo info() {
            return SubjectPublicKeyInfo.getInstance(pair.getPublic().getEncoded());
        }

        public AlgorithmIdentifier digest() {
            return digest;
        }

        public ContentSigner signer(boolean wrapped) throws Exception {
            return new JcaContentSignerBuilder(algorithm).setProvider("BC").build(pair.getPrivate());
        }
    }
}
