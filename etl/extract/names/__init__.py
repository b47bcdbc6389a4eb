"""Names in a text: regions, offices, agencies, people, organizations, awards; one kind a module, put together by `entities`."""
