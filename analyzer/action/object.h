#ifndef DDLINT_ACTION_OBJECT_H
#define DDLINT_ACTION_OBJECT_H
/*
 * The kinds of things a database holds, as SQL names them. OBJECT_KIND(SUFFIX, "words as PostgreSQL says them").
 */
#define OBJECT_KINDS(OBJECT_KIND)                                   \
	OBJECT_KIND(NONE, "nothing")                                \
	OBJECT_KIND(SCHEMA, "schema")                               \
	OBJECT_KIND(TABLE, "table")                                 \
	OBJECT_KIND(FOREIGN_TABLE, "foreign table")                 \
	OBJECT_KIND(VIEW, "view")                                   \
	OBJECT_KIND(MATERIALIZED_VIEW, "materialized view")         \
	OBJECT_KIND(INDEX, "index")                                 \
	OBJECT_KIND(SEQUENCE, "sequence")                           \
	OBJECT_KIND(COLUMN, "column")                               \
	OBJECT_KIND(DEFAULT, "default")                             \
	OBJECT_KIND(CONSTRAINT, "constraint")                       \
	OBJECT_KIND(DOMAIN_CONSTRAINT, "domain constraint")         \
	OBJECT_KIND(TYPE, "type")                                   \
	OBJECT_KIND(DOMAIN, "domain")                               \
	OBJECT_KIND(ATTRIBUTE, "attribute")                         \
	OBJECT_KIND(ENUM_LABEL, "enum label")                       \
	OBJECT_KIND(FUNCTION, "function")                           \
	OBJECT_KIND(PROCEDURE, "procedure")                         \
	OBJECT_KIND(AGGREGATE, "aggregate")                         \
	OBJECT_KIND(ROUTINE, "routine")                             \
	OBJECT_KIND(TRIGGER, "trigger")                             \
	OBJECT_KIND(EVENT_TRIGGER, "event trigger")                 \
	OBJECT_KIND(RULE, "rule")                                   \
	OBJECT_KIND(POLICY, "policy")                               \
	OBJECT_KIND(EXTENSION, "extension")                         \
	OBJECT_KIND(STATISTICS, "statistics object")                \
	OBJECT_KIND(PUBLICATION, "publication")                     \
	OBJECT_KIND(SUBSCRIPTION, "subscription")                   \
	OBJECT_KIND(ROLE, "role")                                   \
	OBJECT_KIND(DATABASE, "database")                           \
	OBJECT_KIND(TABLESPACE, "tablespace")                       \
	OBJECT_KIND(COLLATION, "collation")                         \
	OBJECT_KIND(CONVERSION, "conversion")                       \
	OBJECT_KIND(OPERATOR, "operator")                           \
	OBJECT_KIND(OPERATOR_CLASS, "operator class")               \
	OBJECT_KIND(OPERATOR_FAMILY, "operator family")             \
	OBJECT_KIND(ACCESS_METHOD, "access method")                 \
	OBJECT_KIND(CAST, "cast")                                   \
	OBJECT_KIND(TRANSFORM, "transform")                         \
	OBJECT_KIND(LANGUAGE, "language")                           \
	OBJECT_KIND(FOREIGN_DATA_WRAPPER, "foreign-data wrapper")   \
	OBJECT_KIND(FOREIGN_SERVER, "server")                       \
	OBJECT_KIND(USER_MAPPING, "user mapping")                   \
	OBJECT_KIND(TEXT_SEARCH_CONFIGURATION, "text search configuration") \
	OBJECT_KIND(TEXT_SEARCH_DICTIONARY, "text search dictionary")       \
	OBJECT_KIND(TEXT_SEARCH_PARSER, "text search parser")       \
	OBJECT_KIND(TEXT_SEARCH_TEMPLATE, "text search template")   \
	OBJECT_KIND(LARGE_OBJECT, "large object")                   \
	OBJECT_KIND(PARAMETER, "parameter")

typedef enum ObjectKind {
#define OBJECT_KIND(suffix, words) OBJECT_##suffix,
	OBJECT_KINDS(OBJECT_KIND)
#undef OBJECT_KIND
	OBJECT_KIND_COUNT
} ObjectKind;

const char *object_kind_words(ObjectKind kind);
#endif
