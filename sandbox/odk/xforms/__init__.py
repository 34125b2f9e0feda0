"""Form definitions: XForm XML made of a form's content, and the fields it asks for."""
