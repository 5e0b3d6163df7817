"""Trust lists, made in code."""

from __future__ import annotations

import base64

QUALIFIED = "http://uri.etsi.org/TrstSvc/Svctype/CA/QC"
GRANTED = "http://uri.etsi.org/TrstSvc/TrustedList/Svcstatus/granted"


def service(raw: bytes, status: str = GRANTED, kind: str = QUALIFIED, *points: str) -> str:
    supply = "".join(f"<ServiceSupplyPoint>{point}</ServiceSupplyPoint>" for point in points)
    return f"""<TSPService><ServiceInformation>
      <ServiceTypeIdentifier>{kind}</ServiceTypeIdentifier>
      <ServiceName><Name xml:lang="uk">КНЕДП</Name></ServiceName>
      <ServiceDigitalIdentity><DigitalId><X509Certificate>
        {base64.b64encode(raw).decode()}
      </X509Certificate></DigitalId></ServiceDigitalIdentity>
      <ServiceStatus> {status} </ServiceStatus>
      <ServiceSupplyPoints>{supply}</ServiceSupplyPoints>
    </ServiceInformation></TSPService>"""


def xml(*services: str, head: str = "", about: str = "", tail: str = "") -> bytes:
    return f"""<?xml version="1.0" encoding="UTF-8"?>{head}
    <TrustServiceStatusList xmlns="http://uri.etsi.org/02231/v2#">{about}<TrustServiceProviderList>
    <TrustServiceProvider><TSPServices>{"".join(services)}</TSPServices></TrustServiceProvider>
    </TrustServiceProviderList>{tail}</TrustServiceStatusList>""".encode()
