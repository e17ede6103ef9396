from django.db import migrations

# What is never deleted goes with a patient who is erased; see patients.0005.
GIVES_WAY = """
    IF TG_OP = 'DELETE' AND footing_is_erasing(OLD.patient_id) THEN
        RETURN OLD;
    END IF;"""
GUARDS = """
CREATE OR REPLACE FUNCTION programs_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN{0}
    RAISE EXCEPTION 'sessions are appended, not edited' USING ERRCODE = 'restrict_violation';
END $$;
CREATE OR REPLACE FUNCTION programs_plan_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN{0}
    IF (TG_OP <> 'INSERT' AND NOT EXISTS (
        SELECT FROM programs_plan WHERE id = OLD.plan_id AND status = 'draft'
    )) OR (TG_OP <> 'DELETE' AND NOT EXISTS (
        SELECT FROM programs_plan WHERE id = NEW.plan_id AND status = 'draft'
    )) THEN
        RAISE EXCEPTION 'this plan is frozen' USING ERRCODE = 'restrict_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE FUNCTION programs_plan_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN{0}
    IF OLD.status <> 'draft' THEN
        IF TG_OP = 'DELETE' THEN
            RAISE EXCEPTION 'this plan is frozen' USING ERRCODE = 'restrict_violation';
        END IF;
        IF (NEW.episode_id, NEW.patient_id, NEW.version, NEW.title, NEW.starts_on,
            NEW.weekdays, NEW.caps, NEW.note, NEW.change_reason, NEW.change_words,
            NEW.effective_at, NEW.activated_at, NEW.activated_by_id)
           IS DISTINCT FROM
           (OLD.episode_id, OLD.patient_id, OLD.version, OLD.title, OLD.starts_on,
            OLD.weekdays, OLD.caps, OLD.note, OLD.change_reason, OLD.change_words,
            OLD.effective_at, OLD.activated_at, OLD.activated_by_id) THEN
            RAISE EXCEPTION 'this plan is frozen' USING ERRCODE = 'restrict_violation';
        END IF;
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):
    """Sessions, forms and frozen plans give way to erasing a person, and to nothing else."""

    dependencies = [
        ("patients", "0005_life_of_data"),
        ("programs", "0014_the_wall"),
    ]

    operations = [migrations.RunSQL(GUARDS.format(GIVES_WAY), GUARDS.format(""))]
