"""What the page on the order of events says: each deal on its day, and what the largest number counts."""

from analysis.numbers.named_sums import PLAN as PLAN
from analysis.numbers.timeline.events import LARGE as LARGE
from analysis.numbers.timeline.events import PLANS as PLANS
from analysis.numbers.timeline.events import events as events
from analysis.numbers.timeline.story import story as story
