//! The use cases both doors call: reading apart from writing, stable error codes, cache tags.
