-- How new the manifests were that were served, so that an older one is not served again.

CREATE TABLE served_manifest (
    office  TEXT   NOT NULL PRIMARY KEY, -- the office's slug
    serial  BIGINT NOT NULL              -- the highest serial number of a manifest of it that was served
);
