from django.db import migrations

from integrations.common.search_indexes import AddSearchIndexOnline


class Migration(migrations.Migration):

    # Indexes are made while the portal is in use.
    atomic = False

    dependencies = [
        ('diia_videoreception', '0029_answers'),
    ]

    operations = [
        AddSearchIndexOnline("Application", "search_text", name="application_search"),
        AddSearchIndexOnline("Citizen", "search_text", name="citizen_search"),
        AddSearchIndexOnline("Official", "search_text", name="official_search"),
    ]
