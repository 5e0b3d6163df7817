"""The ten elliptic curves of ДСТУ 4145-2002 in polynomial basis (annex Г of the standard).

This is a closed table: parameters that come with a key are only ever compared with it. Each curve
is y^2 + xy = x^3 + Ax^2 + B over GF(2^m) with A in {0, 1} and a base point of prime order n.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final

from integrations.kep.field import BinaryField

OID_PREFIX: Final = "1.2.804.2.1.1.1.1.3.1.1.2."


@dataclass(frozen=True, eq=False, repr=False)
class Curve:
    """One curve; every number is compact (see :mod:`integrations.kep.field`)."""

    oid: str
    degree: int
    middle_terms: tuple[int, ...]
    a: int
    b: int
    order: int
    base_x: int
    base_y: int
    field: BinaryField

    def __repr__(self) -> str:
        return f"<Curve {self.name}>"

    @property
    def name(self) -> str:
        """The usual short name, for example M257."""
        return f"M{self.degree}"

    @property
    def cofactor(self) -> int:
        """The curve's order divided by n: 4 where A = 0, else 2."""
        return 2 if self.a else 4

    @property
    def size(self) -> int:
        """Length of an encoded field element."""
        return self.field.size

    @cached_property
    def b_spread(self) -> int:
        """B in the spread form."""
        return self.field.spread(self.b)


def _curve(
    index: int,
    degree: int,
    middle_terms: tuple[int, ...],
    a: int,
    *,
    b: str,
    n: str,
    x: str,
    y: str,
) -> Curve:
    return Curve(
        oid=f"{OID_PREFIX}{index}",
        degree=degree,
        middle_terms=middle_terms,
        a=a,
        b=int(b, 16),
        order=int(n, 16),
        base_x=int(x, 16),
        base_y=int(y, 16),
        field=BinaryField(degree, middle_terms),
    )


CURVES: Final[tuple[Curve, ...]] = (
    _curve(
        0,
        163,
        (3, 6, 7),
        1,
        b="5ff6108462a2dc8210ab403925e638a19c1455d21",
        n="400000000000000000002bec12be2262d39bcf14d",
        x="2e2f85f5dd74ce983a5c4237229daf8a3f35823be",
        y="3826f008a8c51d7b95284d9d03ff0e00ce2cd723a",
    ),
    _curve(
        1,
        167,
        (6,),
        1,
        b="6ee3ceeb230811759f20518a0930f1a4315a827dac",
        n="3fffffffffffffffffffffb12ebcc7d7f29ff7701f",
        x="7a1f6653786a68192803910a3d30b2a2018b21cd54",
        y="5f49eb26781c0ec6b8909156d98ed435e45fd59918",
    ),
    _curve(
        2,
        173,
        (1, 2, 10),
        0,
        b="108576c80499db2fc16eddf6853bbb278f6b6fb437d9",
        n="0800000000000000000000189b4e67606e3825bb2831",
        x="04d41a619bcc6eadf0448fa22fad567a9181d37389ca",
        y="10b51cc12849b234c75e6dd2028bf7ff5c1ce0d991a1",
    ),
    _curve(
        3,
        179,
        (1, 2, 4),
        1,
        b="4a6e0856526436f2f88dd07a341e32d04184572beb710",
        n="3ffffffffffffffffffffffb981960435fe5ab64236ef",
        x="6ba06fe51464b2bd26dc57f48819ba9954667022c7d03",
        y="25fbc363582dcec065080ca8287aaff09788a66dc3a9e",
    ),
    _curve(
        4,
        191,
        (9,),
        1,
        b="7bc86e2102902ec4d5890e8b6b4981ff27e0482750fefc03",
        n="40000000000000000000000069a779cac1dabc6788f7474f",
        x="714114b762f2ff4a7912a6d2ac58b9b5c2fcfe76daeb7129",
        y="29c41e568b77c617efe5902f11db96fa9613cd8d03db08da",
    ),
    _curve(
        5,
        233,
        (1, 4, 9),
        1,
        b="06973b15095675534c7cf7e64a21bd54ef5dd3b8a0326aa936ece454d2c",
        n="1000000000000000000000000000013e974e72f8a6922031d2603cfe0d7",
        x="03fcda526b6cdf83ba1118df35b3c31761d3545f32728d003eeb25efe96",
        y="09ca8b57a934c54deeda9e54a7bbad95e3b2e91c54d32be0b9df96d8d35",
    ),
    _curve(
        6,
        257,
        (12,),
        0,
        b="1cef494720115657e18f938d7a7942394ff9425c1458c57861f9eea6adbe3be10",
        n="0800000000000000000000000000000006759213af182e987d3e17714907d470d",
        x="02a29ef207d0e9b6c55cd260b306c7e007ac491ca1b10c62334a9e8dcd8d20fb7",
        y="10686d41ff744d4449fccf6d8eea03102e6812c93a9d60b978b702cf156d814ef",
    ),
    _curve(
        7,
        307,
        (2, 4, 8),
        1,
        b="393c7f7d53666b5054b5e6c6d3de94f4296c0c599e2e2e241050df18b6090bdc90186904968bb",
        n="3ffffffffffffffffffffffffffffffffffffffc079c2f3825da70d390fbba588d4604022b7b7",
        x="216ee8b189d291a0224984c1e92f1d16bf75ccd825a087a239b276d3167743c52c02d6e7232aa",
        y="5d9306bacd22b7faeb09d2e049c6e2866c5d1677762a8f2f2dc9a11c7f7be8340ab2237c7f2a0",
    ),
    _curve(
        8,
        367,
        (21,),
        1,
        b="43fc8ad242b0b7a6f3d1627ad5654447556b47bf6aa4a64b0c2afe42cadab8f93d92394c79a79755437b56995136",
        n="40000000000000000000000000000000000000000000009c300b75a3fa824f22428fd28ce8812245ef44049b2d49",
        x="324a6eddd512f08c49a99ae0d3f961197a76413e7be81a400ca681e09639b5fe12e59a109f78bf4a373541b3b9a1",
        y="01ab597a5b4477f59e39539007c7f977d1a567b92b043a49c6b61984c3fe3481aaf454cd41ba1f051626442b3c10",
    ),
    _curve(
        9,
        431,
        (1, 3, 5),
        1,
        b="03ce10490f6a708fc26dfe8c3d27c4f94e690134d5bff988d8d28aaeaede975936c66bac536b18ae2dc312ca493117daa469c640caf3",
        n="3fffffffffffffffffffffffffffffffffffffffffffffffffffffba3175458009a8c0a724f02f81aa8a1fcbaf80d90c7a95110504cf",
        x="1a62ba79d98133a16bbae7ed9a8e03c32e0824d57aef72f88986874e5aae49c27bed49a2a95058068426c2171e99fd3b43c5947c857d",
        y="70b5e1e14031c1f70bbefe96bdde66f451754b4ca5f48da241f331aa396b8d1839a855c1769b1ea14ba53308b5e2723724e090e02db9",
    ),
)

_BY_OID: Final = {curve.oid: curve for curve in CURVES}


def by_oid(oid: str) -> Curve | None:
    """Find a curve by its object identifier."""
    return _BY_OID.get(oid)


def by_parameters(
    *, degree: int, middle_terms: tuple[int, ...], a: int, b: int, order: int
) -> Curve | None:
    """Find the curve that has exactly these explicit parameters (the base point apart)."""
    for curve in CURVES:
        if (curve.degree, curve.middle_terms) == (degree, middle_terms):
            same = (curve.a, curve.b, curve.order) == (a, b, order)
            return curve if same else None
    return None
