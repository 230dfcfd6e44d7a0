"""Every write about places, packs and contests. One function per act of a person."""

from kalata.country.freezing import ContestLocked as ContestLocked
from kalata.country.redrawing import import_outlines as import_outlines
from kalata.country.redrawing import keep_outlines as keep_outlines
from kalata.country.services.constituencies import clean_constituencies as clean_constituencies
from kalata.country.services.constituencies import constituencies_from_pack as constituencies_from_pack
from kalata.country.services.constituencies import homes as homes
from kalata.country.services.constituencies import pack_constituencies as pack_constituencies
from kalata.country.services.constituencies import place_stations as place_stations
from kalata.country.services.constituencies import set_constituencies as set_constituencies
from kalata.country.services.constituencies import unplaced as unplaced
from kalata.country.services.constituencies import write_constituencies as write_constituencies
from kalata.country.services.contests import BadContest as BadContest
from kalata.country.services.contests import create_contest as create_contest
from kalata.country.services.contests import create_election as create_election
from kalata.country.services.contests import own_emblems as own_emblems
from kalata.country.services.contests import set_options as set_options
from kalata.country.services.contests import update_contest as update_contest
from kalata.country.services.dividing import BadGeographyFile as BadGeographyFile
from kalata.country.services.dividing import import_geography as import_geography
from kalata.country.services.geographies import UnknownGeography as UnknownGeography
from kalata.country.services.geographies import import_crosswalk as import_crosswalk
from kalata.country.services.geographies import own_geography as own_geography
from kalata.country.services.loading import jsonable as jsonable
from kalata.country.services.loading import load_pack_version as load_pack_version
from kalata.text import fold as fold
