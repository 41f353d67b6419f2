//! Attributes that say how something is drawn or moves.

/// Whether an attribute says how something is drawn or moves.
pub(super) fn draws(family: &str, tag: &str, key: &str, local: &str) -> bool {
    match family {
        "a" => {
            matches!(
                local,
                "fmla"
                    | "x"
                    | "y"
                    | "hR"
                    | "wR"
                    | "stAng"
                    | "swAng"
                    | "l"
                    | "t"
                    | "r"
                    | "b"
                    | "ang"
            ) || ["min", "max", "gdRef"]
                .iter()
                .any(|start| local.starts_with(start))
                || tag == "gd"
        }
        "v" | "o" => !matches!(
            local,
            "id" | "spid" | "style" | "idref" | "data" | "href" | "althref" | "src"
        ),
        "p" => matches!(
            tag,
            "animMotion" | "animEffect" | "anim" | "cBhvr" | "tav" | "cTn" | "cond" | "endSync"
        ),
        _ => {
            key.starts_with("svg:") && !matches!(local, "font-family" | "name")
                || key.starts_with("smil:") && !matches!(local, "targetElement")
                || key.starts_with("dr3d:")
                || key.starts_with("drawooo:")
                || matches!(
                    key,
                    "draw:enhanced-path"
                        | "draw:formula"
                        | "draw:points"
                        | "draw:transform"
                        | "draw:modifiers"
                        | "draw:text-areas"
                        | "draw:glue-points"
                        | "draw:value"
                        | "draw:type"
                        | "fo:clip"
                        | "fo:text-shadow"
                        | "style:shadow"
                        | "presentation:preset-id"
                        | "presentation:preset-sub-type"
                        | "anim:formula"
                )
                || key.starts_with("draw:handle-")
                || key.starts_with("fo:border")
        }
    }
}
